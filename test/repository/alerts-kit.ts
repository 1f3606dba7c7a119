// Alerts on a real store, with relays that find and a clock that is advanced.
import { AlertClock } from '#console/alerts/alert-clock.ts';
import { AlertOutbox } from '#console/alerts/alert-outbox.ts';
import { DEFAULT_RULES } from '#console/alerts/alert-rules.ts';
import { Alerts } from '#console/alerts/alerts.ts';
import type { Link } from '#console/sites/relays.ts';
import { type DeviceId, FindingId, newId } from '#shared/base/id.ts';
import type { Finding } from '#shared/model/finding.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { makeDevices } from './devices-suite.ts';
import type { TestEngine } from './test-engine.ts';

export type Alerting = Awaited<ReturnType<typeof makeAlerts>>;

export async function makeAlerts(engine: TestEngine) {
  const kit = await makeDevices(engine);
  const { store, clock, random } = kit;
  const link = await kit.addRelay();
  let news = 0;
  const outlets = {
    onNews: () => {
      news += 1;
    },
  };
  const deps = { store, clock, random, rules: DEFAULT_RULES, book: { find: () => undefined }, outlets };
  const alerts = new Alerts(deps);
  const watch = new AlertClock({ ...deps, alerts, log: silentLogger });
  const outbox = new AlertOutbox(deps);
  const tell = (records: readonly Finding[], by: Link = link) =>
    store.transaction((tx) => alerts.applyFindings(tx, by, records));
  return {
    ...kit,
    ...{ link, alerts, watch, outbox, tell, rules: DEFAULT_RULES },
    news: () => news,
    /** A device of the first relay. */
    device: (name: string) => kit.add(link.relay, name),
    /** Time passes, and the clock of alerts looks once. */
    pass: async (ms: number) => {
      await clock.advance(ms);
      await watch.tick();
    },
    /** What notify would be told, oldest first; taken. */
    told: async () => {
      const waiting = await outbox.waiting(1_000);
      await store.transaction((tx) =>
        outbox.take(
          tx,
          waiting.map(({ seq }) => seq),
          clock.now(),
        ),
      );
      return waiting.map(({ kind }) => kind);
    },
    incidents: () =>
      store.db
        .selectFrom('incident')
        .select(['id', 'title', 'state', 'severity', 'is_past', 'is_muted', 'opened_at', 'resolved_at', 'device_id'])
        .where('merged_into', 'is', null)
        .orderBy('id')
        .execute(),
    /** What the timelines say last of a kind. */
    lastEntry: async (kind: string) => {
      const entries = store.db.selectFrom('incident_entry').select('text').where('kind', '=', kind);
      return (await entries.orderBy('seq', 'desc').limit(1).executeTakeFirst())?.text;
    },
    rows: () =>
      store.db
        .selectFrom('alert')
        .select(['id', 'incident_id', 'device_id', 'check_id', 'instance', 'state', 'severity', 'count', 'resolved_at'])
        .orderBy('id')
        .execute(),
  };
}

/** The records of one finding, in order: each `next` is a step further. */
export class FindingTale {
  #record: Finding;

  constructor(device: DeviceId, at: number, more: Partial<Finding> = {}) {
    this.#record = {
      type: 'finding',
      finding: FindingId.parse(newId(at)),
      device,
      check: 'cpu.used',
      instance: '',
      state: 'open',
      step: 1,
      severity: 'high',
      at,
      since: at,
      detail: 'cpu used is 97 %',
      count: 1,
      ...more,
    };
  }

  get first(): Finding {
    return this.#record;
  }

  next(at: number, more: Partial<Finding> = {}): Finding {
    this.#record = { ...this.#record, state: 'change', at, step: this.#record.step + 1, ...more };
    return this.#record;
  }

  clear(at: number, more: Partial<Finding> = {}): Finding {
    return this.next(at, { state: 'clear', since: at, detail: 'cpu used is 12 %', ...more });
  }
}
