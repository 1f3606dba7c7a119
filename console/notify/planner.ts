// Takes the changes of incidents and writes down who is to be told: each change once, in one transaction with what comes of it.
import type { AlertChange, AlertOutbox } from '#console/alerts/alert-outbox.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { type DeviceId, type IncidentId, NotificationId, newId, type RandomBytes } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { type AckKey, ackHash } from './ack-key.ts';
import { type CheckWords, flapsOf, type IncidentFacts, incidentFacts } from './incident-facts.ts';
import type { Message } from './message.ts';
import * as log from './notification-repository.ts';
import {
  isEnd,
  messageOf,
  nameOf,
  type Plan,
  type PlannedMessage,
  planAssigned,
  planCase,
  planNews,
  reasonOf,
  verdict,
} from './plan.ts';
import { planEnd } from './plan-end.ts';
import { readSetup, type Setup } from './setup.ts';
import * as trace from './trace-repository.ts';

export interface PlannerDeps {
  store: Store;
  outbox: AlertOutbox;
  clock: Clock;
  random: RandomBytes;
  ack: AckKey;
  /** Groups that hold a device, by hand or by rule. */
  groupsOf: (device: DeviceId) => Promise<readonly string[]>;
  log: Logger;
}

/** Changes looked at in one go: a storm of hundreds is planned within a second or two, and deliveries go on between. */
const AT_ONCE = 100;
/** A change that cannot be planned is tried so often, with the others going on; then it is marked and told loudly. */
const MOST_TRIES = 5;

/** A case that could not be looked at is not looked at again before. */
const LOOK_AGAIN_MS = 60_000;

/** Of these there is something to take. */
const TAKEABLE: ReadonlySet<Message['reason']> = new Set([
  'opened',
  'worse',
  'repeat',
  'escalated',
  'flapping',
  'assigned',
]);

/** These say how often it came and went. */
const TOLD_FLAPS: ReadonlySet<AlertChange['kind']> = new Set(['flapping', 'resolved']);

interface Planning {
  setup: Setup;
  now: number;
  words: CheckWords;
}

export class Planner {
  readonly #deps: PlannerDeps;
  readonly #tries = new Map<number, number>();

  constructor(deps: PlannerDeps) {
    this.#deps = deps;
  }

  /** What waits in the outbox; true when there was something. */
  async takeChanges(): Promise<boolean> {
    const { store, outbox } = this.#deps;
    const changes = await outbox.waiting(AT_ONCE);
    if (changes.length === 0) return false;
    const setup = await readSetup(store.db);
    let isMoved = false;
    for (const change of changes) isMoved = (await this.#takeOne(change, setup)) || isMoved;
    return isMoved;
  }

  /** Cases whose time has come; true when there was one. */
  async lookAtCases(): Promise<boolean> {
    const { store, clock, log: logger } = this.#deps;
    const due = await trace.dueCases(store.db, clock.now(), AT_ONCE);
    if (due.length === 0) return false;
    const setup = await readSetup(store.db);
    for (const one of due) {
      try {
        await this.#lookAt(one, setup);
      } catch (error) {
        logger.error(
          { incident: one.incident, route: one.routeId, ...describeError(error) },
          'a case was not looked at',
        );
        // Later, so that it keeps nobody else waiting.
        await store.transaction((tx) => trace.postponeCase(tx, one, clock.now() + LOOK_AGAIN_MS));
      }
    }
    return true;
  }

  async #lookAt(one: trace.DueCase, setup: Setup): Promise<void> {
    const { store, clock } = this.#deps;
    const words = await this.#wordsOf(one.incident, setup);
    await store.transaction(async (tx) => {
      const now = clock.now();
      const facts = await incidentFacts(tx, one.incident, words);
      if (facts === undefined || facts.resolvedAt !== null || facts.isMerged)
        return await trace.removeCase(tx, one.incident);
      if (isStopped(facts, now)) return await trace.pauseCases(tx, one.incident);
      const { plan, next } = planCase(one, { facts, setup, now });
      if (next === undefined) await trace.removeCase(tx, one.incident, one.routeId);
      else await trace.putCase(tx, one.incident, one.since, next);
      await this.#write(tx, facts, plan, now);
    });
  }

  /** What was silenced speaks again: everybody whom it is for hears that it is still bad, and what was to be told later goes on. */
  async #wake(tx: Tx, facts: IncidentFacts, { setup, now }: Planning): Promise<void> {
    await trace.wakeCases(tx, facts.id, now);
    if (facts.resolvedAt !== null || facts.isMerged || isStopped(facts, now)) return;
    for (const one of await trace.casesOf(tx, facts.id)) {
      const repeatMs = setup.routes.find(({ id }) => id === one.routeId)?.repeatMs ?? 0;
      if (one.repeatAt === null || repeatMs === 0) continue;
      await trace.putCase(tx, facts.id, one.since, { ...one, repeatAt: Math.max(one.repeatAt, now + repeatMs) });
    }
    const plan = planNews({ facts, reason: 'repeat', setup, now, isToldByRelay: false });
    await this.#write(tx, facts, plan, now);
  }

  async #takeOne(change: AlertChange, setup: Setup): Promise<boolean> {
    const { store, outbox, clock, log: logger } = this.#deps;
    try {
      const words = await this.#wordsOf(change.incident, setup);
      await store.transaction(async (tx) => {
        const now = clock.now();
        if (!(await outbox.take(tx, [change.seq], now)).has(change.seq)) return;
        await this.#plan(tx, change, { setup, now, words });
      });
      this.#tries.delete(change.seq);
      return true;
    } catch (error) {
      const tries = (this.#tries.get(change.seq) ?? 0) + 1;
      this.#tries.set(change.seq, tries);
      logger.error({ incident: change.incident, change: change.kind, tries, ...describeError(error) }, 'not planned');
      if (tries < MOST_TRIES) return false;
      this.#tries.delete(change.seq);
      await store.transaction(async (tx) => {
        await outbox.take(tx, [change.seq], clock.now());
        const text = `what became of it could not be told: ${describeError(error).code}`;
        await trace.insertVerdicts(tx, change.incident, clock.now(), [verdict('not-planned', text, null)]);
      });
      return true;
    }
  }

  async #wordsOf(incident: IncidentId, { routes }: Setup): Promise<CheckWords> {
    const notice = await this.#deps.outbox.notice(incident);
    const device = notice?.deviceId ?? null;
    // Whoever names no group does not wait for the fleet.
    const isAsked = routes.some(({ match }) => match.groups.length > 0);
    const groups = device === null || !isAsked ? [] : await this.#deps.groupsOf(device);
    return { checkName: notice?.alerts[0]?.checkName ?? '', advice: notice?.advice ?? '', groups };
  }

  async #plan(tx: Tx, change: AlertChange, { setup, now, words }: Planning): Promise<void> {
    const found = await incidentFacts(tx, change.incident, words);
    if (found === undefined) return;
    const flaps = TOLD_FLAPS.has(change.kind) ? await flapsOf(tx, found.id, found.resolvedAt) : '';
    const facts = { ...found, flaps };
    const reason = reasonOf(change.kind);
    if (reason !== undefined) {
      const isToldByRelay = change.toldAt !== null;
      const plan = planNews({ facts, reason, setup, now, isToldByRelay });
      for (const one of plan.cases) await trace.putCase(tx, facts.id, now, one);
      return await this.#write(tx, facts, plan, now);
    }
    if (change.kind === 'assigned') return await this.#write(tx, facts, planAssigned({ facts, setup, now }), now);
    if (change.kind === 'woken') return await this.#wake(tx, facts, { setup, now, words });
    if (!isEnd(change.kind)) return;
    const known = await log.notificationsOf(tx, facts.id);
    const end = planEnd({ kind: change.kind, facts, known, setup, now, isToldByRelay: change.toldAt !== null });
    await log.moveNotifications(tx, end.dropped, { state: 'dropped' });
    if (change.kind === 'resolved' || change.kind === 'merged') await trace.removeCase(tx, facts.id);
    else await trace.pauseCases(tx, facts.id);
    await this.#write(tx, facts, end.plan, now);
  }

  async #write(tx: Tx, facts: IncidentFacts, { messages, verdicts }: Plan, now: number): Promise<void> {
    const made: typeof verdicts = [];
    for (const one of messages) {
      const id = await this.#writeOne(tx, facts, one, now);
      const text = `${nameOf(one.recipient)} is to be told: ${one.reason}`;
      made.push({ ...verdict('planned', text, one.routeId), contactId: one.recipient.contactId, notificationId: id });
    }
    await trace.insertVerdicts(tx, facts.id, now, [...verdicts, ...made]);
  }

  async #writeOne(tx: Tx, facts: IncidentFacts, planned: PlannedMessage, now: number): Promise<NotificationId> {
    const { random, ack } = this.#deps;
    const { reason, recipient, routeId, at, digestMs } = planned;
    const id = NotificationId.parse(newId(now, random));
    const held = digestMs === 0 ? undefined : await log.heldOf(tx, recipient.key, 1);
    await log.insertNotification(tx, {
      ...{ id, at: now, routeId, siteId: facts.siteId, deviceId: facts.deviceId, incidentId: facts.id },
      message: messageOf(facts, reason),
      state: held === undefined ? 'waiting' : 'held',
      // What is gathered goes with the first of it.
      nextAt: held === undefined ? at : (held[0]?.nextAt ?? now + digestMs),
      channel: recipient.channel,
      contactId: recipient.contactId,
      contactName: recipient.contactName,
      to: recipient.to,
      recipient: recipient.key,
      ackHash: TAKEABLE.has(reason) ? ackHash(ack.token(id)) : null,
    });
    return id;
  }
}

const isStopped = ({ acknowledgedBy, snoozedUntil, isMuted }: IncidentFacts, now: number): boolean =>
  acknowledgedBy !== null || isMuted || (snoozedUntil !== null && snoozedUntil > now);
