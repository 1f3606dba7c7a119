// Numbers that a script prints for people, "Queue length: 12", as samples of its device where its version says which lines are meant.
import { SCRIPT_VALUE, toStored } from '#shared/model/metric-catalogue.ts';
import type { ScriptReading } from '#shared/model/script.ts';
import { scriptSeriesRefusal } from '#shared/model/script-series.ts';
import type { ScriptSample, ScriptSamples } from './script-samples.ts';

/** Lines looked at, and what is looked at of each: an output has 16 MiB at most. */
const MAX_LINES = 10_000;
const MAX_LINE = 1_024;
const NUMBER = /^\s*[:=]\s*(-?\d{1,15}(?:\.\d{1,9})?)(?![\d.])/;

/** The last line of a label counts. A label that no line begins with is told: what is silent would look like a flat line. */
export function readReadings(stdout: Uint8Array, readings: readonly ScriptReading[]): ScriptSamples {
  const found = new Map<string, ScriptSample>();
  let refusal: string | undefined;
  for (const raw of new TextDecoder().decode(stdout).split('\n', MAX_LINES)) {
    const line = raw.slice(0, MAX_LINE).trim();
    for (const { label, series: name, unit = '' } of readings) {
      const said = line.startsWith(label) ? NUMBER.exec(line.slice(label.length))?.[1] : undefined;
      if (said === undefined) continue;
      const stored = toStored(SCRIPT_VALUE, Number(said));
      const series = { name, unit, instance: '' };
      const why =
        scriptSeriesRefusal(series) ?? (stored === undefined ? 'a value is at most 4.5e12 either way' : undefined);
      if (why !== undefined || stored === undefined) refusal ??= `"${label}": ${why}`;
      else found.set(label, { ...series, stored });
    }
  }
  const silent = readings.find(({ label }) => !found.has(label));
  if (silent !== undefined) refusal ??= `no line says "${silent.label}"`;
  return { samples: [...found.values()], refusal };
}
