// What became of each device's end: alerts as the API tells them, the log of what was told, and the mails that really came.
import type { AlertSummary, IncidentDetail } from '#shared/contract/alert-contract.ts';
import type { Notification } from '#shared/contract/notify-contract.ts';
import type { WatchRig } from '#test/e2e/watch-rig.ts';
import type { Figures } from '#test/judge.ts';
import type { SinkMail } from '#test/peers/smtp-sink.ts';

const CHECK = 'device.down';

interface Page<T> {
  items: readonly T[];
  nextCursor: string | null;
}

async function all<T>(page: (cursor?: string) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items: some, nextCursor } = await page(cursor);
    items.push(...some);
    if (nextCursor === null) return items;
    cursor = nextCursor;
  }
}

const ended = ({ state }: Notification) => state === 'sent' || state === 'dead' || state === 'dropped';

/** Waits until every device has an alert that is over and nothing is on its way to people any more. */
export async function auditAlerts(rig: WatchRig, patienceMs: number, say: (line: string) => void): Promise<Figures> {
  const { api } = rig.estate;
  const devices = rig.estate.relays.flatMap(({ devices: own, ids }) =>
    own.map(({ name }, n) => ({ name, id: ids[n] })),
  );
  const look = async () => ({
    alerts: await all((cursor) =>
      api.alerts.list({ state: 'any', check: CHECK, limit: 200, ...(cursor === undefined ? {} : { cursor }) }),
    ),
    told: await all((cursor) => api.notifications.list({ limit: 200, ...(cursor === undefined ? {} : { cursor }) })),
  });
  const isOver = ({ alerts, told }: { alerts: AlertSummary[]; told: Notification[] }) =>
    new Set(alerts.map(({ deviceId }) => deviceId)).size >= devices.length &&
    alerts.every(({ state }) => state === 'resolved') &&
    told.every(ended) &&
    devices.every(({ id }) => isTold(told, alerts, id, 'resolved'));
  const { alerts, told } = await rig.until(look, isOver, patienceMs);
  const details = await Promise.all([...new Set(alerts.map(({ incidentId }) => incidentId))].map((id) => rig.show(id)));
  const figures = {
    transitions: devices.length * 2,
    ...alertFigures(devices, alerts, details),
    ...toldFigures(devices, alerts, told, rig.sink.mails),
  };
  for (const { name, id } of devices) {
    const own = alerts.filter(({ deviceId }) => deviceId === id);
    if (own.length !== 1 || own[0]?.state !== 'resolved')
      say(
        `${name}: ${own.map(({ state, openedAt }) => `${state} since ${new Date(openedAt).toISOString()}`).join(', ')}`,
      );
  }
  for (const one of told.filter(({ state }) => state !== 'sent')) say(`${one.state}: ${one.title}: ${one.error}`);
  return figures;
}

interface Known {
  name: string;
  id: string | undefined;
}

function alertFigures(devices: readonly Known[], alerts: readonly AlertSummary[], details: readonly IncidentDetail[]) {
  const of = (id: string | undefined) => alerts.filter(({ deviceId }) => deviceId === id);
  const entries = details.flatMap(({ timeline }) => timeline);
  const times = (alert: string, ...kinds: readonly string[]) =>
    entries.filter(({ alertId, kind }) => alertId === alert && kinds.includes(kind)).length;
  return {
    neverOpened: devices.filter(({ id }) => of(id).length === 0).length,
    openedTwice:
      devices.filter(({ id }) => of(id).length > 1).length +
      alerts.filter(({ id }) => times(id, 'reopened') > 0).length,
    neverClosed: alerts.filter(({ state }) => state !== 'resolved').length,
    closedTwice: alerts.filter(({ id }) => times(id, 'cleared', 'resolved') > 1).length,
  };
}

const numberOf = (mail: SinkMail) => /<([0-9a-f-]{36})/.exec(mail.headers['message-id']?.[0] ?? '')?.[1];

/** Refused until the device was back: dropped for the one message that says both, which has to have arrived with both times. */
function isToldWithEnd(one: Notification, told: readonly Notification[], mails: readonly SinkMail[]): boolean {
  if (one.state !== 'dropped' || one.reason !== 'opened' || one.incidentId === null) return false;
  const ends = told.filter(
    ({ incidentId, reason, state }) => incidentId === one.incidentId && reason === 'resolved' && state === 'sent',
  );
  const saysBoth = ({ text }: SinkMail) => /^Since: ./m.test(text ?? '') && /^Until: ./m.test(text ?? '');
  return ends.some(({ id }) => mails.some((mail) => numberOf(mail) === id && saysBoth(mail)));
}

function isTold(
  told: readonly Notification[],
  alerts: readonly AlertSummary[],
  id: string | undefined,
  reason: string,
): boolean {
  const incidents = new Set(
    alerts.filter(({ deviceId }) => deviceId === id).map(({ incidentId }) => incidentId as string),
  );
  return told.some((one) => one.reason === reason && one.state === 'sent' && incidents.has(one.incidentId ?? ''));
}

function toldFigures(
  devices: readonly Known[],
  alerts: readonly AlertSummary[],
  told: readonly Notification[],
  mails: readonly SinkMail[],
) {
  const sent = told.filter(({ state }) => state === 'sent');
  const arrived = new Map<string, number>();
  for (const mail of mails) arrived.set(numberOf(mail) ?? '', (arrived.get(numberOf(mail) ?? '') ?? 0) + 1);
  const known = new Set<string>(told.map(({ id }) => id));
  const withEnd = told.filter((one) => isToldWithEnd(one, told, mails));
  const isToldByEnd = (device: string | undefined) =>
    alerts.some(
      ({ deviceId, incidentId }) => deviceId === device && withEnd.some((one) => one.incidentId === incidentId),
    );
  return {
    notifications: told.length,
    mails: mails.length,
    notTold: devices.filter(({ id }) => !isTold(told, alerts, id, 'opened') && !isToldByEnd(id)).length,
    toldWithEnd: withEnd.length,
    notToldOver: devices.filter(({ id }) => !isTold(told, alerts, id, 'resolved')).length,
    unsent: told.length - sent.length - withEnd.length,
    /** Marked as sent, and never arrived. */
    lost: sent.filter(({ id }) => !arrived.has(id)).length,
    /** Arrived, and nobody knows of it. */
    unmarked: [...arrived.keys()].filter((id) => !known.has(id)).length,
    /** At least once may be twice, after a kill between the server's word and the mark. */
    mailsTwice: [...arrived.values()].filter((count) => count > 1).length,
  };
}
