// The call `seal`: a site's hour comes in parts of bounded size, chain after chain, and is answered when the last one is on disk.
import { AppError } from '#shared/base/errors.ts';
import type { DayStore } from '#shared/day-files/day-store.ts';
import { LastRows } from './last-rows.ts';
import type { Sealed } from './metric-engine.ts';
import { SealHour } from './seal-hour.ts';
import type { SealPart } from './seal-part.ts';
import type { CallContext } from './worker-call.ts';

/** What the worker remembers between calls, of one store. */
interface Sealing {
  lastRows: LastRows;
  /** The hour whose parts are coming, and how the newest of them gives way. */
  hour: { of: string; seal: SealHour; giveWay: () => Promise<void> } | undefined;
}

const sealings = new WeakMap<DayStore, Sealing>();

export function sealingOf(store: DayStore): Sealing {
  const known = sealings.get(store);
  if (known !== undefined) return known;
  const made: Sealing = { lastRows: new LastRows(), hour: undefined };
  sealings.set(store, made);
  return made;
}

/** What was written is on disk and may stay, whichever part fails: the whole hour comes again, and rows are merged by time. */
export async function sealPart(part: SealPart, context: CallContext): Promise<Sealed | undefined> {
  const sealing = sealingOf(context.store);
  const of = `${part.site} ${part.hour}`;
  const giveWay = () => (sealing.hour ?? context).giveWay();
  if (part.isFirst) {
    const own = part.devices && new Set(part.devices);
    const seal = new SealHour(part.site, part.hour, { store: context.store, lastRows: sealing.lastRows, giveWay, own });
    sealing.hour = { of, seal, giveWay: context.giveWay };
  }
  if (sealing.hour?.of !== of)
    throw new AppError('bad-request', `site ${part.site}: hour ${part.hour} comes without its beginning`);
  const { seal } = sealing.hour;
  sealing.hour.giveWay = context.giveWay;
  try {
    let at = 0;
    for (const { lengths, ...chain } of part.chains) {
      const frames = lengths.map((length) => {
        at += length;
        return part.bytes.subarray(at - length, at);
      });
      await seal.add({ ...chain, frames });
    }
    if (!part.isLast) return undefined;
    const sealed = await seal.finish();
    sealing.hour = undefined;
    return sealed;
  } catch (error) {
    sealing.hour = undefined;
    throw error;
  }
}
