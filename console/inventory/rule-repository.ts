// What the console was told of the devices of a relay, in the words of a standing order's rule.
import { z } from 'zod';
import { deviceInScope, type Scope } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import { DeviceId, type RelayId } from '#shared/base/id.ts';
import { MAX_ROSTER_DEVICES } from '#shared/model/device.ts';
import { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { RuleCandidate } from '#shared/model/standing-rule.ts';

const OsFact = z.object({ id: z.string().nullish(), version: z.string().nullish() });

type Known = RuleCandidate<DeviceId> & { name: string };

/** A device whose identity nobody has read is none: its relay would not act on it either. */
export async function devicesForRule(db: Db, scope: Scope, relay: RelayId): Promise<Known[]> {
  const rows = await db
    .selectFrom('device')
    .leftJoin('fact', (join) => join.onRef('fact.device_id', '=', 'device.id').on('fact.kind', '=', 'os'))
    .leftJoin('fact_body', 'fact_body.hash', 'fact.hash')
    .select(['device.id', 'device.name', 'device.transport', 'device.address', 'device.system', 'device.hostname'])
    .select(['device.identity', 'fact_body.body'])
    .where('device.relay_id', '=', relay)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .orderBy('device.id')
    .limit(MAX_ROSTER_DEVICES)
    .execute();
  return rows.flatMap(({ id, name, transport, address, system, hostname, identity, body }) => {
    if (identity === null) return [];
    const os = OsFact.safeParse(body === null ? {} : JSON.parse(body)).data;
    const facts = {
      ...{ transport, hostname: hostname ?? undefined },
      system: system === 'unknown' ? undefined : system,
      // A name leads to an address at the site only; a range then holds it or not at the relay alone.
      address: /^[\d.]+$|:/.test(address) ? address : undefined,
      os: os?.id ?? undefined,
      version: os?.version ?? undefined,
    };
    return [{ device: DeviceId.parse(id), name, facts, identity: DeviceIdentity.parse(JSON.parse(identity)) }];
  });
}
