// Hands one message to one channel, whatever its kind.
import type { GuardedFetch } from '#console/outgoing/guarded-fetch.ts';
import { kindOf } from './channel-kinds.ts';
import { type Delivered, type Delivery, deliverHttp } from './http-driver.ts';
import { deliverMail, type HostDoor } from './mail-driver.ts';
import { deliverSyslog } from './syslog-driver.ts';

export interface DriverDeps {
  fetch: GuardedFetch;
  door: HostDoor;
  now: () => number;
  signal?: AbortSignal;
}

export type Deliver = (delivery: Delivery) => Promise<Delivered>;

export function driver(deps: DriverDeps): Deliver {
  const way = { door: deps.door, ...(deps.signal === undefined ? {} : { signal: deps.signal }) };
  return async (delivery) => {
    const kind = kindOf(delivery.channel.kind);
    if (kind === undefined)
      return { ok: false, isLasting: true, detail: `no kind of channel ${delivery.channel.kind}` };
    if (kind.to !== null && delivery.to === '')
      return { ok: false, isLasting: true, detail: `${kind.to.label}: is missing` };
    switch (kind.by) {
      case 'http':
        return await deliverHttp(kind, delivery, deps);
      case 'mail':
        return await deliverMail(delivery, way);
      case 'syslog':
        return await deliverSyslog(delivery, way);
    }
  };
}
