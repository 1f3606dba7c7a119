// What was told, to whom, how it went, why; and another try of what was given up.
import { by, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { PageOf, PageRequest } from '#console/store/cursor.ts';
import { AppError } from '#shared/base/errors.ts';
import type { ContactId, IncidentId, NotificationId } from '#shared/base/id.ts';
import type { Notification, NotificationDetail, Verdict } from '#shared/contract/notify-contract.ts';
import type { EntryDeps } from './entries.ts';
import type { IncidentFacts } from './incident-facts.ts';
import { incidentSiteInScope } from './incident-scope.ts';
import { plainText, tellable } from './message.ts';
import * as repository from './notification-repository.ts';
import { planNews } from './plan.ts';
import { readSetup } from './setup.ts';
import { attemptsOf, verdictsOf } from './trace-repository.ts';

type LogDeps = EntryDeps & { base: () => string };

export class NotificationLog {
  readonly #deps: LogDeps;

  constructor(deps: LogDeps) {
    this.#deps = deps;
  }

  async list(scope: Scope, page: PageRequest & repository.LogFilter): Promise<PageOf<Notification>> {
    const { items, nextCursor } = await repository.listNotifications(this.#deps.store.db, scope, page);
    return { items: items.map(shown), nextCursor };
  }

  /** With its words, without its one-time link. */
  async show(scope: Scope, id: NotificationId): Promise<NotificationDetail> {
    const { store, base } = this.#deps;
    const one = await this.#found(scope, id);
    const told = tellable(id, one.message, one.at, { base: base(), ack: '' });
    return { ...shown(one), text: plainText(told), log: await attemptsOf(store.db, id) };
  }

  /** Throws `not-found` for an incident of a site that is not seen. */
  async why(scope: Scope, incident: IncidentId, contact?: ContactId): Promise<Verdict[]> {
    const { db } = this.#deps.store;
    if (!(await incidentSiteInScope(db, scope, incident))) throw new AppError('not-found', `no incident ${incident}`);
    const all = await verdictsOf(db, incident);
    // Of a route that passes, nobody is named: it is about everybody.
    return all.filter(({ contactId }) => contact === undefined || contactId === null || contactId === contact);
  }

  /** Whom an incident like this would be told, now or then; nothing is written. */
  async explain(facts: IncidentFacts, now: number): Promise<Verdict[]> {
    const setup = await readSetup(this.#deps.store.db);
    const plan = planNews({ facts, reason: 'opened', setup, now, isToldByRelay: false });
    const routeOf = (id: string | null) => setup.routes.find((route) => route.id === id)?.name ?? '';
    return [
      ...plan.verdicts.map((one) => ({ ...one, at: now })),
      ...plan.messages.map(({ recipient, routeId, at }) => ({
        at,
        code: 'planned',
        text: `${recipient.contactName || recipient.channel.name}${recipient.to === '' ? '' : ` (${recipient.to})`} is told by ${recipient.channel.name}, route ${routeOf(routeId)}`,
        ...{ routeId, contactId: recipient.contactId, notificationId: null },
      })),
    ];
  }

  /** Throws `conflict` for one that was not given up. */
  async retry(caller: Caller, scope: Scope, id: NotificationId): Promise<Notification> {
    const { store, audit, clock, onChanged } = this.#deps;
    await store.transaction(async (tx) => {
      const one = await repository.findNotification(tx, scope, id);
      if (one === undefined) throw new AppError('not-found', `no notification ${id}`);
      if (one.state !== 'dead') throw new AppError('conflict', `notification ${id} was not given up`);
      if (one.channelId === null) throw new AppError('conflict', `the channel of notification ${id} is no more`);
      await repository.moveNotifications(tx, [id], { state: 'retrying', nextAt: clock.now(), error: null });
      const row = { verb: 'notification.retry', resource: `notification:${id}`, outcome: 'ok' as const };
      await audit.append(tx, { ...by(caller), ...row, site: one.siteId });
      afterCommit(onChanged);
    });
    return shown(await this.#found(scope, id));
  }

  async #found(scope: Scope, id: NotificationId): Promise<repository.StoredNotification> {
    const one = await repository.findNotification(this.#deps.store.db, scope, id);
    if (one === undefined) throw new AppError('not-found', `no notification ${id}`);
    return one;
  }
}

function shown(one: repository.StoredNotification): Notification {
  const { message: _message, recipient: _recipient, address: _address, digestId: _digest, hasAck: _ack, ...rest } = one;
  return rest;
}
