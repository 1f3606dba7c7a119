// Takes a standing order or a withdrawal from the console: verified, on disk, and only then in force and told in the audit.
import type { RefusalLog } from '#relay/execute/refusal-log.ts';
import type { StandingStore } from '#relay/pin/standing-store.ts';
import { describeError } from '#shared/base/errors.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { SignedStanding } from '#shared/model/standing-order.ts';
import type { StandingPlace } from '#shared/seal/standing-seal.ts';

export interface StandingParts {
  place: () => StandingPlace;
  standing: StandingStore;
  spool: { addRecord(lane: 0, record: AuditRecord): void };
  refusals: RefusalLog;
}

/** One at a time: a withdrawal must not pass the order it ends. */
export function standingTaker(parts: StandingParts): (signed: SignedStanding) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (signed) => {
    const taken = last.then(() => take(parts, signed));
    // What one could not do, the next may.
    last = taken.catch(() => undefined);
    return taken;
  };
}

async function take({ place, standing, spool, refusals }: StandingParts, signed: SignedStanding): Promise<void> {
  const here = place();
  const at = here.now;
  try {
    const document = await standing.accept(signed, here);
    if (document === undefined) return;
    const verb = document.kind === 'standing' ? 'standing.accept' : 'standing.withdraw';
    const name = document.kind === 'standing' ? ` (${document.name})` : '';
    spool.addRecord(0, { type: 'audit', at, verb, detail: `standing order ${document.id}${name}: ${document.reason}` });
  } catch (error) {
    const { code, message } = describeError(error);
    refusals.tell({ type: 'audit', at, verb: 'standing.refuse', code, detail: message.slice(0, 1_000) });
  }
}
