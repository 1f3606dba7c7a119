// One device: its series, facts, events and timeline.
import { readLevels } from '#shared/contract/device-log.ts';
import { found } from './device-list-procedures.ts';
import { deviceTimeline } from './device-timeline.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

/** While somebody looks: every 5 s for half a minute, renewed by the page as long as it is open. */
const WATCH = { intervalMs: 5_000, forMs: 30_000 };

export function deviceReadProcedures(os: Guarded, services: ApiServices) {
  const { devices, deviceLog, metrics, inventory, links } = services;
  return {
    metrics: os.devices.metrics.handler(async ({ input, context, signal }) => {
      const device = await found(services, context.scope, input.id);
      const names = input.names?.split(',').filter((name) => name !== '');
      // A leaf and its site's relay may both hold polls of one machine; that it may be seen is proven.
      const relays = await services.relays.idsAt(device.siteId);
      const { from, to, maxPoints } = input;
      const ask = {
        device: device.id,
        site: device.siteId,
        since: device.createdAt,
        relays,
        names,
        from,
        to,
        maxPoints,
        intervalMs: device.intervalMs,
      };
      return await metrics.range(ask, signal);
    }),
    facts: os.devices.facts.handler(async ({ input, context }) => ({
      facts: await inventory.current(context.scope, input.id),
    })),
    events: os.devices.events.handler(async ({ input, context }) => ({
      events: await devices.events(context.scope, input.id, input.limit),
    })),
    log: os.devices.log.handler(async ({ input, context }) => {
      const device = await found(services, context.scope, input.id);
      const { id: _id, limit, cursor, level, ...asked } = input;
      const filter = { ...asked, levels: readLevels(level) };
      return await deviceLog.page(context.scope, { device: device.id, filter }, { limit, cursor });
    }),
    logs: os.devices.logs.handler(async ({ input, context }) => {
      const device = await found(services, context.scope, input.id);
      return { logs: await deviceLog.logs(context.scope, device.id) };
    }),
    timeline: os.devices.timeline.handler(async ({ input, context }) => {
      const device = await found(services, context.scope, input.id);
      return deviceTimeline(services, device.id, input);
    }),
    watch: os.devices.watch.handler(async ({ input, context }) => {
      const device = await found(services, context.scope, input.id);
      if (device.relayId !== null) links.watch(device.relayId, device.id, WATCH);
      return WATCH;
    }),
  };
}
