// The room's face: what people set up, what was told and why, and the one loop that plans and delivers.

import type { z } from 'zod';
import type { SecretBox } from '#console/access/secret-box.ts';
import type { AlertOutbox } from '#console/alerts/alert-outbox.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { DeviceId, RandomBytes } from '#shared/base/id.ts';
import { Contact, EscalationSummary, type NewContact, type NewRoute, Route } from '#shared/contract/notify-contract.ts';
import type { Escalation } from '#shared/model/on-call.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { AckKey } from './ack-key.ts';
import { type Acknowledge, Acknowledgements } from './acknowledgements.ts';
import { Channels } from './channels.ts';
import { Delivery, type DeliveryDeps } from './delivery.ts';
import type { Deliver } from './drivers.ts';
import { Entries } from './entries.ts';
import { NotificationLog } from './notification-log.ts';
import { nextDueAt, removeNotifications } from './notification-repository.ts';
import { OnCall } from './on-call-desk.ts';
import { Planner } from './planner.ts';
import { nextCaseAt, removeVerdicts } from './trace-repository.ts';

export interface NotifyDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  chance: () => number;
  log: Logger;
  outbox: AlertOutbox;
  box: SecretBox;
  ack: AckKey;
  deliver: Deliver;
  /** Where pages are, as people reach them; '' while nobody knows. */
  base: () => string;
  /** Groups that hold a device, by hand or by rule. */
  groupsOf: (device: DeviceId) => Promise<readonly string[]>;
  /** Takes an incident for somebody. */
  acknowledge: Acknowledge;
  onHealth?: DeliveryDeps['onHealth'];
}

/** Without news it looks again after this: what another console wrote, and times that came. */
const IDLE_MS = 5_000;
/** What is due and cannot go yet, such as to a channel that asked for quiet, is looked at again after this. */
const LEAST_MS = 1_000;
/** The log of two months is enough to answer for. */
const KEEP_MS = 62 * 86_400_000;
const CLEAN_EACH_MS = 3_600_000;

export class Notify {
  readonly channels: Channels;
  readonly contacts: Entries<z.infer<typeof NewContact>, Contact>;
  readonly routes: Entries<z.infer<typeof NewRoute>, Route>;
  readonly escalations: Entries<Escalation, EscalationSummary>;
  readonly onCall: OnCall;
  readonly log: NotificationLog;
  readonly acknowledgements: Acknowledgements;
  readonly #deps: NotifyDeps;
  readonly #planner: Planner;
  readonly #delivery: Delivery;
  #wake: () => void = () => undefined;
  #isAwake = false;
  #cleanedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: NotifyDeps) {
    this.#deps = deps;
    const entries = { ...deps, onChanged: () => this.wake() };
    this.channels = new Channels(entries);
    this.contacts = new Entries(entries, { kind: 'contact', schema: Contact });
    this.routes = new Entries(entries, { kind: 'route', schema: Route, place: ({ place }) => place });
    this.escalations = new Entries(entries, { kind: 'escalation', schema: EscalationSummary });
    this.onCall = new OnCall(entries);
    this.log = new NotificationLog(entries);
    this.acknowledgements = new Acknowledgements(deps);
    this.#planner = new Planner(deps);
    this.#delivery = new Delivery({ ...deps, channels: this.channels });
  }

  /** Something waits in the outbox, or somebody changed what is set up. */
  wake(): void {
    this.#isAwake = true;
    this.#wake();
  }

  /** Until it is stopped; then what runs is let end. */
  async run(signal: AbortSignal): Promise<void> {
    const { log } = this.#deps;
    const recovered = await this.#delivery.recover();
    if (recovered > 0) log.info({ notifications: recovered }, 'told again: the console ended in the middle of it');
    while (!signal.aborted) {
      this.#isAwake = false;
      try {
        while ((await this.pass()) && !signal.aborted) this.#isAwake = false;
      } catch (error) {
        if (!signal.aborted) log.error(describeError(error), 'a pass of notifications broke');
      }
      if (!this.#isAwake) await this.#rest(signal);
    }
    await this.#delivery.settled();
  }

  /** One look at everything; true when there was something to do. Tests call it by themselves. */
  async pass(): Promise<boolean> {
    const took = await this.#planner.takeChanges();
    const climbed = await this.#planner.lookAtCases();
    const began = await this.#delivery.begin(() => this.wake());
    await this.#clean();
    return took || climbed || began;
  }

  /** The attempts that run are over. */
  settled(): Promise<void> {
    return this.#delivery.settled();
  }

  async #clean(): Promise<void> {
    const { store, clock } = this.#deps;
    if (clock.monotonic() - this.#cleanedAt < CLEAN_EACH_MS) return;
    this.#cleanedAt = clock.monotonic();
    await store.transaction(async (tx) => {
      await removeNotifications(tx, clock.now() - KEEP_MS);
      await removeVerdicts(tx, clock.now() - KEEP_MS);
    });
  }

  async #rest(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#deps;
    const times = [await nextDueAt(store.db), await nextCaseAt(store.db)].filter((at) => at !== undefined);
    const next = times.length === 0 ? IDLE_MS : Math.min(...times) - clock.now();
    if (this.#isAwake || signal.aborted) return;
    const resting = new AbortController();
    this.#wake = () => resting.abort();
    const ends = AbortSignal.any([signal, resting.signal]);
    await clock.sleep(Math.min(Math.max(next, LEAST_MS), IDLE_MS), ends).catch(() => undefined);
    this.#wake = () => undefined;
  }
}
