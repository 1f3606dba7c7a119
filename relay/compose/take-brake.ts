// Takes a freeze or a thaw from the console: verified, in force, told in the audit. A thaw is on disk first, a freeze holds without one.
import { type RefusalLog, refusalOf } from '#relay/execute/refusal-log.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { FreezeStore } from '#relay/pin/freeze-store.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { Brake, SignedBrake } from '#shared/model/freeze.ts';
import { inTurn } from './in-turn.ts';

export interface BrakeParts {
  clock: Clock;
  charters: Pick<CharterStore, 'charter' | 'now'>;
  freezes: FreezeStore;
  spool: Pick<Spool, 'addRecord'>;
  refusals: RefusalLog;
  /** A freeze came into force: what runs is stopped, what waits is cancelled. */
  onFrozen: () => void;
}

const VERB = 'freeze.refuse';

export function brakeTaker(parts: BrakeParts): (signed: SignedBrake) => Promise<void> {
  const { refusals, clock } = parts;
  return inTurn({
    take: (signed) => take(parts, signed),
    refuse: (error) => void refusals.tell(refusalOf(VERB, clock.now(), error)),
  });
}

async function take({ clock, charters, freezes, spool, refusals, onFrozen }: BrakeParts, signed: SignedBrake) {
  const at = clock.now();
  const before = freezes.frozen;
  let taken: Brake | undefined;
  let fault: unknown;
  try {
    taken = await freezes.accept(signed, charters.charter, charters.now(clock));
  } catch (error) {
    fault = error;
  }
  // Before anybody is told: what runs is stopped although the disk took neither the freeze nor a word of it.
  const { frozen } = freezes;
  const isStopped = frozen !== undefined && frozen.id !== before?.id;
  if (isStopped) onFrozen();
  const brake = isStopped ? frozen : taken;
  if (brake === undefined) {
    if (fault !== undefined) refusals.tell(refusalOf(VERB, at, fault));
    return;
  }
  const lacks = fault === undefined ? '' : ` (in force, and not on this relay's disk: ${describeError(fault).message})`;
  const detail = `${brake.kind} ${brake.id}: ${brake.reason}${lacks}`.slice(0, 1_000);
  spool.addRecord(0, { type: 'audit', at, verb: `site.${brake.kind}`, detail });
}
