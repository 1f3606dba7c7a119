// Takes a standing order or a withdrawal from the console: verified, on disk, and only then in force and told in the audit.
import { type RefusalLog, refusalOf } from '#relay/execute/refusal-log.ts';
import type { StandingStore } from '#relay/pin/standing-store.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { SignedStanding, StandingDocument } from '#shared/model/standing-order.ts';
import type { StandingPlace } from '#shared/seal/standing-seal.ts';
import { inTurn } from './in-turn.ts';

export interface StandingParts {
  place: () => StandingPlace;
  standing: StandingStore;
  spool: { addRecord(lane: 0, record: AuditRecord): void };
  refusals: RefusalLog;
}

const VERB = 'standing.refuse';

export function standingTaker(parts: StandingParts): (signed: SignedStanding) => Promise<void> {
  const { refusals, place } = parts;
  return inTurn({
    take: (signed) => take(parts, signed),
    refuse: (error) => void refusals.tell(refusalOf(VERB, place().now, error)),
  });
}

async function take({ place, standing, spool, refusals }: StandingParts, signed: SignedStanding): Promise<void> {
  const here = place();
  const at = here.now;
  let document: StandingDocument | undefined;
  try {
    document = await standing.accept(signed, here);
  } catch (error) {
    refusals.tell(refusalOf(VERB, at, error));
  }
  if (document === undefined) return;
  const verb = document.kind === 'standing' ? 'standing.accept' : 'standing.withdraw';
  const name = document.kind === 'standing' ? ` (${document.name})` : '';
  spool.addRecord(0, { type: 'audit', at, verb, detail: `standing order ${document.id}${name}: ${document.reason}` });
}
