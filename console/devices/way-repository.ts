// How devices are reached, as their relays last told it: one row per device, kept while the same relay polls it.
import type { Db, Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { TransportKind } from '#shared/model/device.ts';
import { WayAuth, type WayRecord, WaySeal } from '#shared/model/record.ts';

export interface DeviceWay {
  transport: TransportKind;
  port: number | null;
  auth: WayAuth;
  seal: WaySeal;
  detail: string | null;
  /** Since when it is this way, and when it was last told, by the relay's clock. */
  since: number;
  toldAt: number;
}

/** Null where the relay that polls it now has not told it yet: what another one found is no word of this one. */
export async function findWay(db: Db, device: DeviceId): Promise<DeviceWay | null> {
  const row = await db
    .selectFrom('device_way')
    .innerJoin('device', (join) =>
      join.onRef('device.id', '=', 'device_way.device_id').onRef('device.relay_id', '=', 'device_way.relay_id'),
    )
    .select(['device_way.transport', 'device_way.port', 'device_way.auth', 'device_way.seal', 'device_way.detail'])
    .select(['device_way.since', 'device_way.told_at'])
    .where('device_way.device_id', '=', device)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { transport, port, auth, seal, detail, since, told_at: toldAt } = row;
  const words = { transport: TransportKind.parse(transport), auth: WayAuth.parse(auth), seal: WaySeal.parse(seal) };
  return { ...words, port, detail, since, toldAt };
}

// 9 values a row; SQLite binds 32,766 at most.
const ROWS_PER_STATEMENT = 500;

/** The newest word on each device, none twice. `since` stays as long as the way is the same; a renewed session is no other way. */
export async function upsertWays(tx: Tx, relay: RelayId, ways: readonly WayRecord[]): Promise<void> {
  const rows = ways.map(({ device, transport, port, auth, seal, detail, at }) => ({
    device_id: device,
    relay_id: relay,
    transport,
    port: port ?? null,
    auth,
    seal,
    detail: detail === undefined ? null : storedText(detail, 200),
    since: at,
    told_at: at,
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
    await tx
      .insertInto('device_way')
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .onConflict((conflict) =>
        conflict.column('device_id').doUpdateSet((eb) => ({
          relay_id: eb.ref('excluded.relay_id'),
          transport: eb.ref('excluded.transport'),
          port: eb.ref('excluded.port'),
          auth: eb.ref('excluded.auth'),
          seal: eb.ref('excluded.seal'),
          detail: eb.ref('excluded.detail'),
          since: eb
            .case()
            .when(
              eb.and([
                ...SAME.map((column) => eb(`device_way.${column}`, '=', eb.ref(`excluded.${column}`))),
                // Two that have no port are as equal as two that have the same one; 0 is no port.
                eb(eb.fn.coalesce('device_way.port', eb.lit(0)), '=', eb.fn.coalesce('excluded.port', eb.lit(0))),
              ]),
            )
            .then(eb.ref('device_way.since'))
            .else(eb.ref('excluded.since'))
            .end(),
          told_at: eb.ref('excluded.told_at'),
        })),
      )
      .execute();
}

const SAME = ['relay_id', 'transport', 'auth', 'seal'] as const;
