// Joins what standing orders need: the store, the executor they fire through, and the states of devices that trigger them.
import type { Executor } from '#relay/execute/executor.ts';
import type { RefusalLog } from '#relay/execute/refusal-log.ts';
import type { KnownDevices } from '#relay/heal/known-devices.ts';
import { StandingOrders } from '#relay/heal/standing-orders.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { FreezeStore } from '#relay/pin/freeze-store.ts';
import type { Enrolment } from '#relay/pin/identity.ts';
import type { StandingStore } from '#relay/pin/standing-store.ts';
import type { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { SignedStanding } from '#shared/model/standing-order.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { StopStack } from '#shared/runtime/stop-stack.ts';
import { standingTaker } from './take-standing.ts';

interface Parts {
  clock: Clock;
  log: Logger;
  stack: StopStack;
  enrolment: Enrolment;
  spool: DurableSpool;
  charters: CharterStore;
  freezes: FreezeStore;
  refusals: RefusalLog;
  standing: StandingStore;
  executor: Executor;
  known: Pick<KnownDevices, 'candidates'>;
  journalSince: () => number;
}

export interface Standing {
  orders: StandingOrders;
  take: (signed: SignedStanding) => Promise<void>;
}

export function composeStanding(parts: Parts): Standing {
  const { clock, log, stack, spool, charters, freezes, enrolment, refusals, standing, executor, journalSince, known } =
    parts;
  const orders = new StandingOrders({
    clock: { ...clock, now: () => charters.now(clock) },
    log: log.room('heal'),
    store: standing,
    signedTime: () => charters.signedTime,
    executor,
    transact: (work) => spool.transact(work),
    journalSince,
    candidates: () => known.candidates(),
    onAlarm: (event) => spool.addRecord(1, event),
    onRefused: (record) => void refusals.tell(record),
  });
  const stopping = new AbortController();
  const running = orders.run(stopping.signal);
  stack.add('standing orders', async () => {
    stopping.abort();
    await running;
  });
  const { site, relay } = enrolment;
  const place = () => ({ site, relay, charter: charters.charter, now: charters.now(clock), since: freezes.newestAt });
  return { orders, take: standingTaker({ place, standing, spool, refusals }) };
}
