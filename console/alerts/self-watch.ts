// Who watches the watcher: looks at relays, sites and the console every few seconds, and finds as relays find.
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { cease, see } from './alert-moves.ts';
import { openOwnAlerts } from './alert-repository.ts';
import { type AlertRow, subjectKey } from './alert-rows.ts';
import type { AlertWork } from './alert-work.ts';
import type { Alerts } from './alerts.ts';
import { absorb } from './correlate.ts';
import { lockPlace } from './incident-repository.ts';
import type { OwnReports } from './own-reports.ts';
import { SILENCES } from './root-checks.ts';
import { conditionsOf, type OwnCondition, type SelfPicture } from './self-conditions.ts';
import { openAlert } from './take-finding.ts';

/** Silence is told after minutes: five seconds more or less are nobody's. */
const LOOK_MS = 5_000;

export interface SelfWatchDeps {
  store: Store;
  clock: Clock;
  alerts: Alerts;
  /** How everything is now; asked at each look. */
  look: () => Promise<SelfPicture>;
  /** What other rooms say of themselves. */
  reports: Pick<OwnReports, 'all'>;
  log: Logger;
}

export class SelfWatch {
  readonly #deps: SelfWatchDeps;

  constructor(deps: SelfWatchDeps) {
    this.#deps = deps;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal).catch(() => undefined); // stopped
      if (signal.aborted) return;
      try {
        await this.look();
      } catch (error) {
        log.error(describeError(error), 'the console could not look at itself');
      }
    }
  }

  /** One look: what fails is opened, what does not any more is over. */
  async look(): Promise<void> {
    const { store, alerts } = this.#deps;
    const picture = await this.#deps.look();
    const failing = [...conditionsOf(picture).map((one) => ({ ...one, instance: '' })), ...this.#deps.reports.all()];
    const open = await openOwnAlerts(store.db);
    const held = heldNow(picture);
    const plan = planOf(
      failing,
      open.filter(({ check }) => !held.has(check)),
    );
    if (plan.fails.length + plan.over.length === 0) return;
    await store.transaction(async (tx) => {
      // With all that is open: a wider silence takes the narrower ones in.
      const subjects = [...plan.fails.map(({ subject }) => subject), ...open];
      await lockPlaces(tx, subjects);
      await alerts.change(tx, null, { subjects: subjects.map(subjectKey) }, async (work) => {
        for (const alert of plan.over) endOwn(work, alert);
        for (const one of plan.fails) await failOwn(work, one);
      });
    });
  }
}

/** Of what this picture can say nothing: a console that has just begun does not know who is silent. */
const heldNow = ({ now, startedAt, rules }: SelfPicture): ReadonlySet<string> =>
  new Set(now - startedAt < rules.graceMs ? SILENCES : []);

type Failing = OwnCondition & { instance: string };

const nameOf = (subject: string, check: string, instance: string): string => `${subject} ${check} ${instance}`;

/** What differs from what is open: most looks find nothing. */
function planOf(failing: readonly Failing[], open: readonly AlertRow[]): { fails: Failing[]; over: AlertRow[] } {
  const known = new Map(open.map((alert) => [nameOf(subjectKey(alert), alert.check, alert.instance), alert]));
  const names = new Set(failing.map((one) => nameOf(subjectKey(one.subject), one.check, one.instance)));
  const fails = failing.filter((one) => {
    const alert = known.get(nameOf(subjectKey(one.subject), one.check, one.instance));
    return alert === undefined || !alert.isFailing || alert.severity !== one.severity;
  });
  const over = [...known].filter(([name, { isFailing }]) => isFailing && !names.has(name)).map(([, alert]) => alert);
  return { fails, over };
}

/** In one order, so that two consoles never wait for each other; the console itself is locked by the change. */
async function lockPlaces(tx: Tx, places: ReadonlyArray<{ site: SiteId | null }>): Promise<void> {
  const sites = new Set(places.flatMap(({ site }) => site ?? []));
  for (const site of [...sites].sort()) await lockPlace(tx, site);
}

async function failOwn(work: AlertWork, failing: Failing): Promise<void> {
  const { subject, check, instance, severity, detail, since } = failing;
  const open = work.openOf(subjectKey(subject), check, instance);
  const seen = { severity, detail, at: work.now, since, more: 0, isMuted: false };
  if (open !== undefined) {
    see(work, open, seen);
    return;
  }
  const record = { check, instance, severity, at: work.now, since, detail, count: 1 };
  const opened = await openAlert(work, { subject, record });
  if (opened !== undefined) await absorbSilences(work, opened);
}

/** A wider silence explains the narrower ones that began before it was known. */
async function absorbSilences(work: AlertWork, root: AlertRow): Promise<void> {
  const rank = SILENCES.indexOf(root.check);
  if (rank < 0) return;
  const narrower = SILENCES.slice(rank + 1);
  const parts = work.openWhere(
    ({ check, site }) => narrower.includes(check) && (root.site === null || site === root.site),
  );
  await absorb(work, root, parts);
}

function endOwn(work: AlertWork, { id }: AlertRow): void {
  const alert = work.alert(id);
  if (alert === undefined) return;
  const text = SILENCES.includes(alert.check) ? 'heard again' : 'as it should be';
  cease(work, alert, { since: work.now, detail: text });
}
