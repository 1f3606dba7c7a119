// Which series of a kept day some names are made of: nothing else of it has to be opened for them.
import type { DayReader } from '#shared/day-files/day-store.ts';
import { DERIVED } from '#shared/model/derive.ts';

/** What rises are divided by, and what says that a device began anew. */
const TIME_INPUTS = ['system.uptime', 'system.boot'] as const;

const INPUTS = new Map(DERIVED.map(({ name, inputs }) => [name, inputs]));

/** Everything that is polled tells these: where they are known, the device has said something. */
export const ALWAYS = ['system.uptime', 'poll.duration'] as const;

/** Numbers of the day's dictionary. */
export function seriesBehind(day: Pick<DayReader, 'instancesOf'>, names: readonly string[]): Set<number> {
  const kept = new Set([...names, ...names.flatMap((name) => INPUTS.get(name) ?? []), ...TIME_INPUTS]);
  return new Set([...kept].flatMap((name) => day.instancesOf(name)));
}
