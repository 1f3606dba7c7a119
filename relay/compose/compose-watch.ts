// Joins what watching needs: the signed document, the members of its layers, and the console's word on both.
import path from 'node:path';
import type { RefusalLog } from '#relay/execute/refusal-log.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { Enrolment } from '#relay/pin/identity.ts';
import { WatchStore } from '#relay/pin/watch-store.ts';
import type { DurableSpool } from '#relay/spool/durable-spool.ts';
import { MemberBook } from '#relay/watch/member-book.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { WatchMessage } from '#shared/protocol/watch.ts';
import { watchTaker } from './take-watch.ts';

interface Parts {
  clock: Clock;
  spool: DurableSpool;
  enrolment: Enrolment;
  charters: CharterStore;
  refusals: RefusalLog;
}

export interface Watching {
  take: (message: WatchMessage) => Promise<void>;
}

export function composeWatch(data: string, { clock, spool, enrolment, charters, refusals }: Parts): Watching {
  const store = WatchStore.open(data);
  const members = new MemberBook(path.join(data, 'watch-members.json'));
  const { site } = enrolment;
  const place = () => ({ site, charter: charters.charter, now: charters.now(clock) });
  const onChange = () => undefined;
  return { take: watchTaker({ place, store, members, spool, refusals, onChange }) };
}
