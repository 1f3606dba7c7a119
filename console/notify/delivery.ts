// Brings notifications to their channels: claims what is due, holds what would be a flood, tries again with patience, gives up loudly.
import type { Store } from '#console/store/database.ts';
import { backoffMs } from '#shared/base/backoff.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { NotificationId, newId, type RandomBytes } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { AckKey } from './ack-key.ts';
import { setChannelHealth } from './channel-repository.ts';
import type { Channels } from './channels.ts';
import { digestOf } from './digest.ts';
import type { Deliver } from './drivers.ts';
import type { Delivered } from './http-driver.ts';
import { tellable } from './message.ts';
import * as log from './notification-repository.ts';
import { verdict } from './plan.ts';
import { floodOf } from './recipients.ts';
import { readSetup, type Setup } from './setup.ts';
import * as trace from './trace-repository.ts';

export interface DeliveryDeps {
  store: Store;
  clock: Clock;
  random: RandomBytes;
  chance: () => number;
  channels: Pick<Channels, 'open'>;
  deliver: Deliver;
  ack: AckKey;
  /** Where pages are; '' while nobody knows. */
  base: () => string;
  log: Logger;
  /** A channel has not gone well for a while, or does so again. */
  onHealth?: ((channel: { id: string; name: string }, failures: number, detail: string) => void) | undefined;
}

/** At once: a storm of hundreds is out in seconds, and no server sees more of us than of a mail program with many windows. */
const AT_ONCE = 16;
const OF_ONE_CHANNEL = 4;
/** A server that restarts is asked again within seconds, one that is away for hours every quarter of an hour. */
const BACKOFF = { baseMs: 5_000, capMs: 900_000 } as const;
/** Each of these tries may be one more message of the same: a disk that is full for an hour costs five, not hundreds. */
const UNWRITTEN_BACKOFF = { baseMs: 60_000, capMs: 1_800_000 } as const;
/** What nobody took within a day is news no more. */
export const GIVE_UP_MS = 86_400_000;
/** Beyond the guard's bound, the first digest comes after a minute, the next ones every five. */
const HOLD_MS = 60_000;
const DIGEST_EACH_MS = 300_000;
/** A digest takes so many; the next one takes the rest. */
const MOST_HELD = 5_000;

export class Delivery {
  readonly #deps: DeliveryDeps;
  readonly #going = new Map<NotificationId, { channel: string; done: Promise<void> }>();
  /** A channel that asked to be left alone. */
  readonly #quietUntil = new Map<string, number>();
  /** Tried, and what came of it could not be written down. */
  readonly #unwritten = new Map<NotificationId, { times: number; isWaiting: boolean }>();

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  /** What a run before this one left in the middle. */
  async recover(): Promise<number> {
    const { store, clock } = this.#deps;
    return await store.transaction((tx) => log.recoverSending(tx, clock.now()));
  }

  /** Begins what is due; true when something was begun, held or gathered. `onDone` is called after each attempt. */
  async begin(onDone: () => void): Promise<boolean> {
    const { store, clock } = this.#deps;
    const setup = await readSetup(store.db);
    await this.#recoverUnwritten();
    let isMoved = await this.#gather(setup);
    const due = await log.dueNotifications(store.db, clock.now(), { limit: AT_ONCE * 4, busy: this.#busy() });
    for (const one of due) {
      if (this.#going.size >= AT_ONCE) break;
      if (!this.#isFree(one)) continue;
      const claimed = await this.#claim(one, setup);
      if (claimed === 'left') continue;
      isMoved = true;
      if (claimed === 'mine') this.#start(one, onDone);
    }
    return isMoved;
  }

  /** Waits for the attempts that run; each has a deadline of its own. */
  async settled(): Promise<void> {
    await Promise.all([...this.#going.values()].map(({ done }) => done));
  }

  #isFree({ channelId, id }: log.StoredNotification): boolean {
    if (channelId === null || this.#going.has(id)) return channelId === null;
    return !this.#isBusy(channelId);
  }

  #isBusy(channel: string): boolean {
    if ((this.#quietUntil.get(channel) ?? 0) > this.#deps.clock.now()) return true;
    return [...this.#going.values()].filter((one) => one.channel === channel).length >= OF_ONE_CHANNEL;
  }

  #busy(): string[] {
    const going = [...this.#going.values()].map(({ channel }) => channel);
    return [...new Set([...this.#quietUntil.keys(), ...going])].filter((channel) => this.#isBusy(channel));
  }

  /** The database failed behind an attempt: whether it was told is not known, so it is told again, ever more rarely. */
  async #recoverUnwritten(): Promise<void> {
    const { store, clock, chance } = this.#deps;
    for (const [id, { times, isWaiting }] of this.#unwritten) {
      if (isWaiting) continue;
      const at = clock.now() + backoffMs(times - 1, { ...UNWRITTEN_BACKOFF, random: chance });
      await store.transaction((tx) => log.recoverSending(tx, at, [id]));
      this.#unwritten.set(id, { times, isWaiting: true });
    }
  }

  async #claim(one: log.StoredNotification, setup: Setup): Promise<'mine' | 'held' | 'left'> {
    const { store, clock } = this.#deps;
    return await store.transaction(async (tx) => {
      const now = clock.now();
      const isBound = one.state === 'waiting' && one.reason !== 'digest' && one.reason !== 'test';
      const flood = floodOf(setup, one.contactId);
      if (isBound && (await log.toldSince(tx, one.recipient, now - flood.withinMs)) >= flood.messages) {
        const [first] = await log.heldOf(tx, one.recipient, 1);
        const last = await log.lastDigestAt(tx, one.recipient);
        const nextAt = first?.nextAt ?? Math.max(now + HOLD_MS, (last ?? 0) + DIGEST_EACH_MS);
        await log.moveNotifications(tx, [one.id], { state: 'held', nextAt });
        await this.#tell(tx, one, 'flood', `${flood.messages} were told lately: it comes with the next digest`);
        return 'held';
      }
      await log.moveNotifications(tx, [one.id], { state: 'sending', attempts: one.attempts + 1 });
      return 'mine';
    });
  }

  #start(one: log.StoredNotification, onDone: () => void): void {
    const done = this.#attempt(one)
      .catch((error: unknown) => {
        this.#unwritten.set(one.id, { times: (this.#unwritten.get(one.id)?.times ?? 0) + 1, isWaiting: false });
        this.#deps.log.error({ notification: one.id, ...describeError(error) }, 'an attempt was not written down');
      })
      .finally(() => {
        this.#going.delete(one.id);
        onDone();
      });
    this.#going.set(one.id, { channel: one.channelId ?? '', done });
  }

  async #attempt(one: log.StoredNotification): Promise<void> {
    const { clock } = this.#deps;
    const began = clock.monotonic();
    const outcome = await this.#try(one);
    await this.#write(one, outcome, Math.round(clock.monotonic() - began));
    this.#unwritten.delete(one.id);
  }

  async #try(one: log.StoredNotification): Promise<Delivered> {
    const { store, channels, deliver, ack, base } = this.#deps;
    const { id, channelId, message, address, incidentId, at } = one;
    if (channelId === null) return { ok: false, isLasting: true, detail: 'its channel is no more' };
    try {
      const channel = await channels.open(channelId);
      const link = one.hasAck && base() !== '' ? `${base()}/acknowledge#${ack.token(id)}` : '';
      const told = tellable(id, message, at, { base: base(), ack: link });
      const place = { channel: channelId, to: address };
      const thread = incidentId === null ? '' : await trace.threadOf(store.db, { ...place, incident: incidentId });
      return await deliver({ told, channel, to: address, thread });
    } catch (error) {
      const { code, message: detail } = describeError(error);
      return { ok: false, isLasting: code === 'not-found' || code === 'config-invalid', detail };
    }
  }

  async #write(one: log.StoredNotification, outcome: Delivered, tookMs: number): Promise<void> {
    const { store, clock, chance, log: logger, onHealth } = this.#deps;
    const now = clock.now();
    const attempts = one.attempts + 1;
    const { ok, detail } = outcome;
    const isOver = !outcome.ok && (outcome.isLasting || now - one.at >= GIVE_UP_MS);
    const failures = await store.transaction(async (tx) => {
      await trace.insertAttempt(tx, { id: one.id, at: now, ok, detail, tookMs });
      if (outcome.ok) {
        const move = { state: 'sent', sentAt: now, error: null } as const;
        await log.moveNotifications(tx, [one.id], move);
        await log.moveOfDigest(tx, one.id, move);
        if (outcome.thread !== undefined && one.incidentId !== null && one.channelId !== null) {
          const place = { channel: one.channelId, to: one.address, incident: one.incidentId };
          await trace.keepThread(tx, place, outcome.thread);
        }
      } else if (isOver) {
        await log.moveNotifications(tx, [one.id], { state: 'dead', error: detail });
        await log.moveOfDigest(tx, one.id, { state: 'dead', error: detail });
      } else {
        const wait = Math.max(outcome.afterMs ?? 0, backoffMs(attempts - 1, { ...BACKOFF, random: chance }));
        await log.moveNotifications(tx, [one.id], { state: 'retrying', nextAt: now + wait, error: detail });
      }
      await this.#tell(tx, one, ok ? 'sent' : isOver ? 'dead' : 'retrying', detail);
      if (one.channelId === null) return 0;
      return await setChannelHealth(tx, { id: one.channelId, at: now, error: ok ? null : detail });
    });
    if (!outcome.ok && outcome.afterMs !== undefined && one.channelId !== null)
      this.#quietUntil.set(one.channelId, now + outcome.afterMs);
    if (isOver) logger.error({ notification: one.id, channel: one.channelName, detail }, 'a notification was given up');
    if (one.channelId !== null) onHealth?.({ id: one.channelId, name: one.channelName }, failures, detail);
  }

  async #tell(tx: Parameters<typeof trace.insertVerdicts>[0], one: log.StoredNotification, code: string, text: string) {
    if (one.incidentId === null) return;
    const who = one.contactName === '' ? one.channelName : `${one.contactName} by ${one.channelName}`;
    const made = { ...verdict(code, `${who}: ${text}`, one.routeId), contactId: one.contactId, notificationId: one.id };
    await trace.insertVerdicts(tx, one.incidentId, this.#deps.clock.now(), [made]);
  }

  /** What was held for somebody goes as one message; true when there was any. */
  async #gather(setup: Setup): Promise<boolean> {
    const { store, clock, random } = this.#deps;
    const due = await log.dueDigests(store.db, clock.now());
    for (const recipient of due) {
      await store.transaction(async (tx) => {
        const held = await log.heldOf(tx, recipient, MOST_HELD);
        const [first] = held;
        if (first === undefined) return;
        const ids = held.map(({ id }) => id);
        // One by itself needs no digest around it.
        if (held.length === 1) return await log.moveNotifications(tx, ids, { state: 'retrying', nextAt: clock.now() });
        const channel = first.channelId === null ? undefined : setup.channels.get(first.channelId);
        if (channel === undefined) return await log.moveNotifications(tx, ids, { state: 'dead', error: 'no channel' });
        const now = clock.now();
        const id = NotificationId.parse(newId(now, random));
        await log.insertNotification(tx, {
          ...{ id, at: now, state: 'waiting', message: digestOf(held, first.message.zone), nextAt: now, channel },
          ...{ incidentId: null, siteId: null, deviceId: null, ackHash: null, routeId: first.routeId },
          ...{ contactId: first.contactId, contactName: first.contactName, to: first.address, recipient },
        });
        for (let from = 0; from < ids.length; from += 500)
          await log.moveNotifications(tx, ids.slice(from, from + 500), { state: 'held', digestId: id });
      });
    }
    return due.length > 0;
  }
}
