// Takes a freeze or a thaw from the console: verified, on disk, and only then in force and told in the audit.
import type { RefusalLog } from '#relay/execute/refusal-log.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { FreezeStore } from '#relay/pin/freeze-store.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { Freeze, SignedBrake, Thaw } from '#shared/model/freeze.ts';

export interface BrakeParts {
  clock: Clock;
  charters: Pick<CharterStore, 'charter' | 'now'>;
  freezes: FreezeStore;
  spool: Pick<Spool, 'addRecord'>;
  refusals: RefusalLog;
  /** A freeze came into force: what runs is stopped, what waits is cancelled. */
  onFrozen: () => void;
}

/** One at a time: two at once could each be newer than what is held, and the older one be written last. */
export function brakeTaker(parts: BrakeParts): (signed: SignedBrake) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (signed) => {
    const turn = last.then(() => take(parts, signed));
    last = turn.catch(() => undefined); // who hears of it is the caller; the next in line must be taken
    return turn;
  };
}

async function take({ clock, charters, freezes, spool, refusals, onFrozen }: BrakeParts, signed: SignedBrake) {
  const at = clock.now();
  let brake: Freeze | Thaw | undefined;
  try {
    brake = await freezes.accept(signed, charters.charter, charters.now(clock));
  } catch (error) {
    const { code, message } = describeError(error);
    refusals.tell({ type: 'audit', at, verb: 'freeze.refuse', code, detail: message.slice(0, 1_000) });
  }
  if (brake === undefined) return;
  if (brake.kind === 'freeze') onFrozen();
  const detail = `${brake.kind} ${brake.id}: ${brake.reason}`;
  spool.addRecord(0, { type: 'audit', at, verb: `site.${brake.kind}`, detail });
}
