// Made-up incidents in the shapes of the contract: a switch with fifty devices, a silent relay, a past outage, the console's own, and hostile text.
import { ORPCError } from '@orpc/server';
import { AlertId, IncidentId } from '#shared/base/id.ts';
import type { AlertSummary, IncidentDetail, IncidentEntry, IncidentSummary } from '#shared/contract/alert-contract.ts';
import { type Severity, severityRank } from '#shared/model/alert-words.ts';
import type { Guarded } from './fixture-console.ts';
import { customerId, deviceId, HOSTILE, relayId, siteId } from './fixture-fleet.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const uuid = (kind: string, n: number) => `01890000-0000-7000-${kind}-${n.toString(16).padStart(12, '0')}`;
export const incidentId = (n: number): IncidentId => IncidentId.parse(uuid('8100', n));
export const alertId = (n: number): AlertId => AlertId.parse(uuid('8200', n));

const place = (n: number | null) => ({
  ...{ customerId: customerId(0), customerName: 'Example', siteId: siteId(1), siteName: 'Berlin' },
  ...{ relayId: relayId(1), relayName: 'relay-1' },
  ...{ deviceId: n === null ? null : deviceId(n), deviceName: n === null ? null : `dev-${n}` },
});
const NOWHERE = {
  ...{ customerId: null, customerName: null, siteId: null, siteName: null },
  ...{ relayId: null, relayName: null, deviceId: null, deviceName: null },
};

const alert = (n: number, now: number, more: Partial<AlertSummary> = {}): AlertSummary => ({
  ...place(n % 48),
  id: alertId(n),
  incidentId: incidentId(1),
  ...{ state: 'active', severity: 'high', type: 'availability', check: 'device.down', checkName: 'Device is down' },
  ...{ instance: '', detail: 'down (timed-out: no answer)', value: null, limit: null, unit: null },
  ...{ openedAt: now - 42 * MINUTE, receivedAt: now - 42 * MINUTE, changedAt: now - 42 * MINUTE },
  ...{ resolvedAt: null, resolvedBy: null, evidence: null, count: 1, flappingSince: null, isMuted: false },
  ...{ because: null, toldAt: null, isRoot: false },
  ...more,
});

const incident = (n: number, now: number, more: Partial<IncidentSummary> = {}): IncidentSummary => ({
  ...place(n),
  id: incidentId(n),
  ...{ title: `dev-${n} is down`, state: 'active', severity: 'critical', cause: 'device' },
  ...{ openedAt: now - 42 * MINUTE, receivedAt: now - 42 * MINUTE, changedAt: now - 3 * MINUTE },
  ...{ resolvedAt: null, resolvedBy: null, isPast: false, isMuted: false, flappingSince: null },
  ...{ snoozedUntil: null, assignee: null, acknowledgedBy: null, acknowledgedAt: null, toldAt: null },
  ...{ alerts: 1, openAlerts: 1, devices: 1 },
  ...more,
});

const SWITCH = 2;

const board = (now: number): IncidentSummary[] => [
  incident(1, now, { ...place(SWITCH), title: 'switch-berlin-2 is down', alerts: 50, openAlerts: 49, devices: 50 }),
  incident(2, now, {
    ...place(null),
    ...{ title: 'relay-1 is silent', cause: 'relay', severity: 'high', openedAt: now - 3 * HOUR, devices: 24 },
    ...{
      state: 'acknowledged',
      acknowledgedBy: 'Ada Lovelace',
      acknowledgedAt: now - 2 * HOUR,
      toldAt: now - 2.9 * HOUR,
    },
    assignee: { id: 'p1', name: 'Ada Lovelace' },
  }),
  incident(3, now, {
    ...{ title: `Disk of ${HOSTILE.script} ${HOSTILE.long} is full`, severity: 'medium', openedAt: now - 26 * HOUR },
    ...{ flappingSince: now - HOUR, snoozedUntil: now + 2 * HOUR },
  }),
  incident(4, now, {
    ...NOWHERE,
    ...{ title: 'Mail cannot be sent', cause: 'console', severity: 'low', openedAt: now - 9 * MINUTE, devices: 0 },
  }),
  incident(5, now, {
    ...{ title: 'db-3 was down', state: 'resolved', severity: 'critical', isPast: true },
    ...{ openedAt: now - 5 * HOUR, receivedAt: now - 4 * HOUR, resolvedAt: now - 4.7 * HOUR, openAlerts: 0 },
  }),
  incident(6, now, { title: 'web-1: updates are installed', severity: 'info', isMuted: true }),
];

/** A switch, what hangs on it, and a guest on one of those. */
const children = (now: number): AlertSummary[] => [
  alert(SWITCH, now, { severity: 'critical', isRoot: true, count: 3 }),
  ...Array.from({ length: 48 }, (_, n) =>
    alert(100 + n, now, {
      ...{
        deviceId: deviceId(n),
        deviceName: n === 3 ? `dev ${HOSTILE.image}` : `dev-${n}`,
        because: deviceId(SWITCH),
      },
      ...(n === 7 && { state: 'resolved', resolvedAt: now - 5 * MINUTE, evidence: 'up since 5 min' }),
    }),
  ).filter(({ deviceId: id }) => id !== deviceId(SWITCH)),
  alert(200, now, {
    ...{ deviceId: deviceId(5), deviceName: 'dev-5', severity: 'medium', type: 'performance', check: 'disk.free' },
    ...{ checkName: 'Disk is nearly full', instance: '/srv/data', detail: 'below 10 % for 5 min', value: 0.072 },
    ...{ limit: 0.1, unit: 'ratio', isMuted: true },
  }),
];

const entry = (
  seq: number,
  at: number,
  kind: IncidentEntry['kind'],
  more: Partial<IncidentEntry> = {},
): IncidentEntry => ({
  ...{ seq, at, receivedAt: at, kind, alertId: null, by: null, text: '' },
  ...more,
});

const timeline = (now: number): IncidentEntry[] => [
  entry(1, now - 42 * MINUTE, 'opened', { alertId: alertId(SWITCH), text: 'switch-berlin-2 is down' }),
  entry(2, now - 41 * MINUTE, 'joined', { alertId: alertId(104), receivedAt: now - 20 * MINUTE }),
  entry(3, now - 38 * MINUTE, 'told', { text: 'Ada Lovelace, by mail' }),
  entry(4, now - 30 * MINUTE, 'note', { by: 'Ada Lovelace', text: `The cabinet has no power.\n${HOSTILE.script}` }),
  entry(5, now - 5 * MINUTE, 'cleared', { alertId: alertId(107) }),
];

const detail = (summary: IncidentSummary, now: number): IncidentDetail => ({
  ...summary,
  advice: 'Look whether the switch has power, then at its uplink. What hangs on it comes back with it.',
  children: children(now),
  unseenDevices: 2,
  timeline: timeline(now),
  series: [
    {
      ...{ alertId: alertId(200), deviceId: deviceId(5), name: 'filesystem.used_ratio', instance: '/srv/data' },
      ...{ from: now - 2 * HOUR, to: now },
    },
  ],
  before: [
    {
      type: 'inventory',
      at: now - 2 * HOUR,
      kind: 'software',
      isFirst: false,
      added: ['nginx 1.27'],
      removed: [],
      changed: [],
      more: 0,
    },
    { type: 'change', at: now - 9 * HOUR, by: 'Ada Lovelace', verb: 'device.update', detail: { address: '10.0.0.4' } },
  ],
});

/** People's work on it, kept while the fixture stands. */
class Handled {
  readonly #patches = new Map<string, Partial<IncidentSummary>>();

  of(now: number): IncidentSummary[] {
    return board(now).map((one) => ({ ...one, ...this.#patches.get(one.id) }));
  }

  patch(ids: readonly string[], patch: Partial<IncidentSummary>): { changed: number } {
    for (const id of ids) this.#patches.set(id, { ...this.#patches.get(id), ...patch });
    return { changed: ids.length };
  }
}

const isOpen = ({ state }: IncidentSummary) => state !== 'resolved' && state !== 'archived';

function wanted(
  one: IncidentSummary,
  ask: { state: string; severity?: Severity | undefined; muted: boolean },
): boolean {
  const fits = ask.state === 'any' || (ask.state === 'open' ? isOpen(one) : one.state === ask.state);
  const isBad = ask.severity === undefined || severityRank(one.severity) <= severityRank(ask.severity);
  return fits && isBad && (ask.muted || !one.isMuted);
}

export function incidentRoutes(guarded: Guarded, now: () => number) {
  const handled = new Handled();
  const { incidents, alerts } = guarded;
  const found = (id: string) => {
    const one = handled.of(now()).find((incidentOf) => incidentOf.id === id);
    if (one === undefined) throw new ORPCError('NOT_FOUND', { status: 404, message: `no incident ${id}` });
    return detail(one, now());
  };
  return {
    incidents: {
      list: incidents.list.handler(({ input }) => ({
        items: handled.of(now()).filter((one) => wanted(one, input)),
        nextCursor: null,
      })),
      counts: incidents.counts.handler(() => ({
        open: { critical: 1, high: 1, medium: 1, low: 1, info: 0 },
        unacknowledged: handled.of(now()).filter((one) => isOpen(one) && one.state !== 'acknowledged').length,
        muted: 1,
      })),
      show: incidents.show.handler(({ input }) => found(input.id)),
      acknowledge: incidents.acknowledge.handler(({ input }) =>
        handled.patch(input.incidents, { state: 'acknowledged', acknowledgedBy: 'owner', acknowledgedAt: now() }),
      ),
      resolve: incidents.resolve.handler(({ input }) =>
        handled.patch(input.incidents, { state: 'resolved', resolvedAt: now(), resolvedBy: 'owner' }),
      ),
      reopen: incidents.reopen.handler(({ input }) =>
        handled.patch(input.incidents, { state: 'active', resolvedAt: null, resolvedBy: null }),
      ),
      snooze: incidents.snooze.handler(({ input }) =>
        handled.patch(input.incidents, { snoozedUntil: input.forMs === undefined ? null : now() + input.forMs }),
      ),
      assign: incidents.assign.handler(({ input: { incidents: ids, assignee } }) =>
        handled.patch(ids, { assignee: assignee === null ? null : { id: assignee, name: 'owner' } }),
      ),
      note: incidents.note.handler(({ input }) => ({ changed: input.incidents.length })),
    },
    alerts: {
      list: alerts.list.handler(({ input }) => ({
        items: children(now()).filter((one) => input.deviceId === undefined || one.deviceId === input.deviceId),
        nextCursor: null,
      })),
      show: alerts.show.handler(({ input }) => {
        const one = children(now()).find(({ id }) => id === input.id);
        if (one === undefined) throw new ORPCError('NOT_FOUND', { status: 404, message: `no alert ${input.id}` });
        return one;
      }),
    },
  };
}
