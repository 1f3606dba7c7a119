// A series that a script names: how its name, unit and instance travel in one column of a poll.
import { DERIVED } from './derive.ts';
import { MAX_INSTANCE_BYTES, metricByName, SCRIPT_VALUE, type Series } from './metric-catalogue.ts';

export interface ScriptSeries {
  /** "queue.depth": no name of the catalogue. */
  name: string;
  /** "ms", "bytes", "%"; "" for a plain number. */
  unit: string;
  /** "" for the device itself. */
  instance: string;
}

/** Room for an instance beside it in a column's 255 bytes. */
export const MAX_SCRIPT_NAME = 64;
const NAME = /^[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)*$/;
const UNIT = /^[A-Za-z0-9%/_.]{0,16}$/;

const DERIVED_NAMES: ReadonlySet<string> = new Set(DERIVED.map(({ name }) => name));

/** A script may not speak for the catalogue: who reads "cpu.used_ratio" reads the collector's. */
export const isScriptName = (name: string): boolean =>
  name.length <= MAX_SCRIPT_NAME &&
  NAME.test(name) &&
  metricByName(name) === undefined &&
  !DERIVED_NAMES.has(name) &&
  name !== SCRIPT_VALUE.name;

/** Why it cannot be a series, or undefined. */
export function scriptSeriesRefusal({ name, unit, instance }: ScriptSeries): string | undefined {
  if (name.length > MAX_SCRIPT_NAME || !NAME.test(name))
    return 'a name has small letters, digits, _ and dots, 64 at most';
  if (!isScriptName(name)) return `"${name}" is a metric of the product itself`;
  if (!UNIT.test(unit)) return 'a unit has at most 16 letters, digits, % / _ and dots';
  const { instance: whole } = scriptColumn({ name, unit, instance });
  if (new TextEncoder().encode(whole).length > MAX_INSTANCE_BYTES)
    return 'name, unit and instance have 250 bytes at most';
  return undefined;
}

/** Neither name nor unit holds a space. */
export const scriptColumn = ({ name, unit, instance }: ScriptSeries): Series => ({
  metric: SCRIPT_VALUE.id,
  instance: `${name} ${unit} ${instance}`,
});

/** Undefined for any other column, and for one that no honest relay writes. */
export function readScriptColumn({ metric, instance: whole }: Series): ScriptSeries | undefined {
  if (metric !== SCRIPT_VALUE.id) return undefined;
  const [name = '', unit = ''] = whole.split(' ', 2);
  const instance = whole.slice(name.length + unit.length + 2);
  const series = { name, unit, instance };
  const isWhole = scriptColumn(series).instance === whole;
  return isWhole && scriptSeriesRefusal(series) === undefined ? series : undefined;
}
