// The console about itself: status, the audit trail, the feed of live changes.
import { withEventMeta } from '@orpc/server';
import { listAudit, verifyChain } from '#console/audit/audit.ts';
import { AppError } from '#shared/base/errors.ts';
import type { ChangeEvent } from '#shared/model/change.ts';
import { VERSION } from '#shared/runtime/version.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function systemProcedures(os: Guarded, services: ApiServices) {
  const { store, clock, devices, startedAt, counters } = services;
  return {
    status: os.system.status.handler(async ({ context }) => {
      const { lost, quarantined } = await devices.losses(context.scope);
      return {
        version: VERSION,
        engine: store.engine,
        incarnation: store.incarnation,
        startedAt,
        now: clock.now(),
        devices: await devices.countByStatus(context.scope),
        counters: counters(),
        lost,
        quarantined,
      };
    }),
    changes: os.system.changes.handler(async function* ({ lastEventId, signal }) {
      const queue = new EventQueue();
      // A viewer without a last event has just read the lists: it begins with what comes next.
      const afterId = lastEventId === undefined ? 0 : Number(lastEventId);
      const subscription = services.feed.subscribe(
        { isVisible: () => true, onEvents: (events) => queue.push(events) },
        afterId,
      );
      if (subscription === undefined) throw new AppError('rate-limited', 'too many viewers follow the live changes');
      signal?.addEventListener('abort', () => queue.close(), { once: true });
      try {
        if (subscription.missed === undefined)
          yield withEventMeta({ kind: 'reset' as const }, { id: String(subscription.lastId) });
        else queue.push(subscription.missed);
        for await (const events of queue) {
          for (const { id, change } of events) yield withEventMeta(change, { id: String(id) });
        }
      } finally {
        subscription.stop();
      }
    }),
  };
}

export function auditProcedures(os: Guarded, { store }: ApiServices) {
  return {
    list: os.audit.list.handler(({ input, context }) => listAudit(store.db, context.scope, input)),
    verify: os.audit.verify.handler(() => verifyChain(store.db)),
  };
}

/** A viewer that reads slower than the fleet changes is cut here; it comes back with its last id, or reads everything anew. */
const MAX_QUEUED = 20_000;

class EventQueue implements AsyncIterable<readonly ChangeEvent[]> {
  #events: ChangeEvent[] = [];
  #isClosed = false;
  #wake: (() => void) | undefined;

  push(events: readonly ChangeEvent[]): void {
    this.#events.push(...events);
    if (this.#events.length > MAX_QUEUED) this.#isClosed = true;
    this.#wake?.();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly ChangeEvent[]> {
    while (!this.#isClosed) {
      if (this.#events.length > 0) {
        const events = this.#events;
        this.#events = [];
        yield events;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
