// The clock of alerts: what is held opens, snoozes end, what flapped is calm, what is over is told and later put away.
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { IncidentId, SiteId } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { calm, flapsOf, noteOf } from './alert-moves.ts';
import { archiveAlerts } from './alert-repository.ts';
import type { IncidentRow } from './alert-rows.ts';
import type { AlertRules } from './alert-rules.ts';
import type { AlertWork } from './alert-work.ts';
import type { Alerts } from './alerts.ts';
import { recheck } from './correlate.ts';
import { archiveIncidents, dueIncidents, dueOrphans, removeIncidents } from './incident-repository.ts';
import { flapDueAt, tell } from './incident-state.ts';
import { removeTaken } from './outbox-repository.ts';

/** Of the 5 s from event to mail it takes a quarter of one on average. */
const TICK_MS = 500;
/** In one look; what is left is due at the next. */
const MAX_DUE = 200;
const HOUR_MS = 3_600_000;
/** What notify took is kept so long for whoever looks for a message that did not come. */
const KEEP_TAKEN_MS = 7 * 24 * HOUR_MS;
/** Incidents forgotten in one transaction: each has alerts and entries, and others wait. */
const MAX_FORGOTTEN = 100;

export interface AlertClockDeps {
  store: Store;
  clock: Clock;
  alerts: Alerts;
  rules: AlertRules;
  log: Logger;
}

export class AlertClock {
  readonly #deps: AlertClockDeps;
  #tidiedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: AlertClockDeps) {
    this.#deps = deps;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    while (!signal.aborted) {
      try {
        await this.tick();
        await this.#tidyNowAndThen();
      } catch (error) {
        // The database is away: what is due stays due.
        log.error(describeError(error), 'the clock of alerts could not look');
      }
      await clock.sleep(TICK_MS, signal).catch(() => undefined);
    }
  }

  /** Returns how many incidents were due. */
  async tick(): Promise<number> {
    const { store, clock, alerts } = this.#deps;
    const due = await dueIncidents(store.db, clock.now(), MAX_DUE);
    const places = new Map<SiteId | null, IncidentId[]>();
    for (const { id, site } of due) places.set(site, [...(places.get(site) ?? []), id]);
    for (const [site, incidents] of places)
      await alerts.changeNow(site, { incidents }, async (work) => {
        for (const incident of work.incidents()) await look(work, incident);
      });
    return due.length;
  }

  /** Hourly, since nobody waits for it. */
  async #tidyNowAndThen(): Promise<void> {
    const { clock } = this.#deps;
    if (clock.monotonic() - this.#tidiedAt < HOUR_MS) return;
    this.#tidiedAt = clock.monotonic();
    await this.tidy();
  }

  /** What lost its device is over, what is over is put away, and what is old is forgotten. */
  async tidy(): Promise<void> {
    const { store, clock, rules } = this.#deps;
    const now = clock.now();
    await store.transaction(async (tx) => {
      await dueOrphans(tx, now);
      await archiveAlerts(tx, now - rules.archiveAfterMs);
      await archiveIncidents(tx, now - rules.archiveAfterMs);
      await removeTaken(tx, now - KEEP_TAKEN_MS);
    });
    const forget = () => store.transaction((tx) => removeIncidents(tx, now - rules.forgetAfterMs, MAX_FORGOTTEN));
    while ((await forget()) === MAX_FORGOTTEN);
  }
}

/** Another console may have been first: it looks at what is due now. */
async function look(work: AlertWork, incident: IncidentRow): Promise<void> {
  work.touchIncident(incident);
  for (const alert of work.openIn(incident.id)) await calm(work, alert);
  await stillFlapping(work, incident);
  recheck(work, incident);
  if (incident.snoozedUntil === null || incident.snoozedUntil > work.now) return;
  incident.snoozedUntil = null;
  if (incident.resolvedAt !== null) return;
  work.note({ incident: incident.id, alert: null, at: work.now, kind: 'woken', by: null, text: '' });
  if (incident.isTold && !incident.isMuted) tell(work, incident, 'woken');
}

/** What flaps without end is told now and then: nobody should believe for days what the first message said. */
async function stillFlapping(work: AlertWork, incident: IncidentRow): Promise<void> {
  if (work.now < (flapDueAt(work, incident) ?? Number.POSITIVE_INFINITY)) return;
  const [alert] = work.openIn(incident.id).filter(({ flappingSince }) => flappingSince !== null);
  if (alert === undefined) return;
  incident.flapToldAt = work.now;
  noteOf(work, alert, 'flapping', work.now, await flapsOf(work, alert, work.now));
  if (incident.isTold && !incident.isMuted) tell(work, incident, 'flapping');
}
