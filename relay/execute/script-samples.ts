// What a script says in numbers: lines of its output such as {"name":"queue.depth","v":1.5,"unit":"ms"} become samples of its device.
import { SCRIPT_VALUE, toStored } from '#shared/model/metric-catalogue.ts';
import { MAX_SCRIPT_NAME, type ScriptSeries, scriptColumn, scriptSeriesRefusal } from '#shared/model/script-series.ts';

/** Of one run: a script that counts more is a collector. */
const MAX_SAMPLES = 64;
/** Longer lines are text for people. */
const MAX_LINE = 1_024;
/** Lines looked at; an output has 16 MiB at most. */
const MAX_LINES = 10_000;

export interface ScriptSample extends ScriptSeries {
  /** The stored whole number. */
  stored: number;
}

export interface ScriptSamples {
  samples: ScriptSample[];
  /** One sentence for people about what was left out; undefined when nothing was. */
  refusal: string | undefined;
}

/** Text of people ("Nightly backup, site A") as a name: "nightly_backup_site_a". */
export function nameOfReason(reason: string): string {
  const words = reason
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '');
  return words.slice(0, MAX_SCRIPT_NAME) || 'script';
}

/** `fallback` names values that have no name of their own. Only lines that are an object with a number `v` are meant; the rest is text. */
export function readScriptSamples(stdout: Uint8Array, fallback: string): ScriptSamples {
  const found = new Map<string, ScriptSample>();
  const refused: string[] = [];
  const lines = new TextDecoder().decode(stdout).split('\n', MAX_LINES);
  for (const [i, line] of lines.entries()) {
    const said = readLine(line);
    if (said === undefined) continue;
    const series = { name: said.name ?? fallback, unit: said.unit ?? '', instance: said.instance ?? '' };
    const stored = toStored(SCRIPT_VALUE, said.v);
    const why =
      scriptSeriesRefusal(series) ?? (stored === undefined ? 'a value is at most 4.5e12 either way' : undefined);
    const key = scriptColumn(series).instance;
    if (why !== undefined || stored === undefined) refused.push(`line ${i + 1}: ${why}`);
    else if (found.size >= MAX_SAMPLES && !found.has(key))
      refused.push(`line ${i + 1}: more than ${MAX_SAMPLES} values`);
    else found.set(key, { ...series, stored });
  }
  const more = refused.length > 1 ? `, and ${refused.length - 1} lines more` : '';
  return { samples: [...found.values()], refusal: refused[0] === undefined ? undefined : `${refused[0]}${more}` };
}

interface SaidLine {
  v: number;
  name?: string;
  unit?: string;
  instance?: string;
}

function readLine(line: string): SaidLine | undefined {
  const text = line.trim();
  if (text.length > MAX_LINE || !text.startsWith('{') || !text.endsWith('}')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isSaid(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

const isSaid = (value: unknown): value is SaidLine =>
  typeof value === 'object' &&
  value !== null &&
  'v' in value &&
  typeof value.v === 'number' &&
  isText('name' in value ? value.name : undefined) &&
  isText('unit' in value ? value.unit : undefined) &&
  isText('instance' in value ? value.instance : undefined);
