// What the database still knows of a past besides readings: states, entries of logs, facts, and which incidents people looked after.
import type { OtherNews } from '#console/metrics/replay/replay-message.ts';
import type { Db } from '#console/store/engine.ts';
import { DeviceId } from '#shared/base/id.ts';
import { DEVICE_STATUSES } from '#shared/model/device-words.ts';
import { EventLevel } from '#shared/model/record.ts';
import type { Truth } from './lost-truths.ts';

/** A few devices of a back-test. */
export interface PastAsk {
  devices: readonly DeviceId[];
  from: number;
  to: number;
}

export type DeviceNews = Map<DeviceId, OtherNews[]>;

/** Of a batch of devices; a device has 2,000 entries of its logs, and what is beyond says the same again. */
const MAX_ROWS = 60_000;

function put(news: DeviceNews, device: string | null, one: OtherNews): void {
  if (device === null) return;
  const id = DeviceId.parse(device);
  const list = news.get(id);
  if (list === undefined) news.set(id, [one]);
  else list.push(one);
}

/** States are told in words that people read: "down (timed-out: no answer)". */
export async function readStates(db: Db, { devices, from, to }: PastAsk, news: DeviceNews): Promise<void> {
  const rows = await db
    .selectFrom('event')
    .select(['device_id', 'at', 'detail'])
    .where('device_id', 'in', devices)
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('type', '=', 'state')
    .orderBy('at')
    .limit(MAX_ROWS)
    .execute();
  for (const { device_id, at, detail } of rows) {
    const status = DEVICE_STATUSES.find((one) => detail === one || detail.startsWith(`${one} (`));
    if (status !== undefined) put(news, device_id, { type: 'status', at, status, said: detail });
  }
}

export async function readLogs(db: Db, { devices, from, to }: PastAsk, news: DeviceNews): Promise<void> {
  const rows = await db
    .selectFrom('device_event')
    .select(['device_id', 'at', 'log', 'source', 'code', 'level', 'message'])
    .where('device_id', 'in', devices)
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('at')
    .limit(MAX_ROWS)
    .execute();
  for (const { device_id, at, level, ...words } of rows)
    put(news, device_id, { type: 'event', at, event: { ...words, at, level: EventLevel.parse(level) } });
}

/** From the beginning: what was told before the span still holds in it. */
export async function readFacts(
  db: Db,
  { devices, to, kinds }: Pick<PastAsk, 'devices' | 'to'> & { kinds: readonly string[] },
  news: DeviceNews,
): Promise<void> {
  if (kinds.length === 0) return;
  const rows = await db
    .selectFrom('fact_history')
    .innerJoin('fact_body', 'fact_body.hash', 'fact_history.hash')
    .select(['fact_history.device_id', 'fact_history.kind', 'fact_history.at', 'fact_body.body'])
    .where('fact_history.device_id', 'in', devices)
    .where('fact_history.kind', 'in', kinds)
    .where('fact_history.at', '<', to)
    .orderBy('fact_history.at', 'desc')
    // Bodies of up to half a megabyte: the newest of a batch.
    .limit(1_000)
    .execute();
  for (const { device_id, kind, at, body } of rows.reverse())
    put(news, device_id, { type: 'fact', at, fact: { kind, at, body: JSON.parse(body) } });
}

/** Alerts of incidents that somebody acknowledged or was given. */
export async function readTaken(db: Db, { devices, from, to }: PastAsk): Promise<Truth[]> {
  const rows = await db
    .selectFrom('alert')
    .innerJoin('incident', 'incident.id', 'alert.incident_id')
    .select(['alert.device_id', 'alert.check_id', 'alert.instance', 'alert.opened_at', 'alert.resolved_at'])
    .where('alert.device_id', 'in', devices)
    .where('alert.opened_at', '>=', from)
    .where('alert.opened_at', '<', to)
    .where(({ or, eb }) =>
      or([eb('incident.acknowledged_at', 'is not', null), eb('incident.assignee_id', 'is not', null)]),
    )
    .limit(MAX_ROWS)
    .execute();
  return rows.flatMap(({ device_id, check_id, instance, opened_at, resolved_at }): Truth[] =>
    device_id === null
      ? []
      : [
          {
            ...{ device: DeviceId.parse(device_id), check: check_id, instance },
            ...{ from: opened_at, to: resolved_at ?? to, why: 'taken' },
          },
        ],
  );
}
