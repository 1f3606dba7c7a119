// The fleet, one device, its series, facts and events.

import type { Scope } from '#console/access/scope.ts';
import type { Device } from '#console/devices/devices.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { DeviceSummary } from '#shared/contract/device-contract.ts';
import { DERIVED } from '#shared/model/derive.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

/** While somebody looks: every 5 s for half a minute, renewed by the page as long as it is open. */
const WATCH = { intervalMs: 5_000, forMs: 30_000 };

const units = new Map<string, string>(DERIVED.map((rule) => [rule.name, rule.unit]));

function withLatest(device: Device, services: ApiServices, names?: ReadonlySet<string>): DeviceSummary {
  const latest = services.lastValues.latest(device.siteId, device.id);
  const values = latest?.values ?? [];
  const asked = names === undefined ? values : values.filter((reading) => names.has(reading.name));
  return {
    ...device,
    polledAt: latest?.at ?? null,
    latest: asked.map(({ name, instance, value }) => ({
      name,
      instance,
      unit: units.get(name) ?? '',
      value: value ?? null,
    })),
  };
}

export function deviceProcedures(os: Guarded, services: ApiServices) {
  return { ...listProcedures(os, services), ...writeProcedures(os, services), ...readProcedures(os, services) };
}

async function found(services: ApiServices, scope: Scope, id: DeviceId) {
  const device = await services.devices.find(scope, id);
  if (device === undefined) throw new AppError('not-found', `no device ${id}`);
  return device;
}

function listProcedures(os: Guarded, services: ApiServices) {
  const { devices } = services;
  return {
    list: os.devices.list.handler(async ({ input, context }) => {
      const page = await devices.list(context.scope, input);
      const names = input.names === undefined ? undefined : new Set(input.names.split(','));
      return { ...page, items: page.items.map((device) => withLatest(device, services, names)) };
    }),
    show: os.devices.show.handler(async ({ input, context }) => {
      const device = await found(services, context.scope, input.id);
      return { ...device, ...withLatest(device, services) };
    }),
    targets: os.devices.targets.handler(async ({ input, context }) => ({
      targets: await devices.targets(context.scope, { words: input.devices, siteId: input.siteId }),
    })),
  };
}

function writeProcedures(os: Guarded, services: ApiServices) {
  const { devices, lastValues } = services;
  return {
    create: os.devices.create.handler(async ({ input, context }) => {
      const device = await devices.create(context, context.scope, input);
      return { ...device, ...withLatest(device, services) };
    }),
    createMany: os.devices.createMany.handler(async ({ input, context }) => ({
      ids: await devices.createMany(context, input.devices),
    })),
    remove: os.devices.remove.handler(async ({ input, context }) => {
      const device = await found(services, context.scope, input.id);
      await devices.remove(context, context.scope, input.id);
      lastValues.forget(device.siteId, device.id);
      return { removed: true as const };
    }),
  };
}

function readProcedures(os: Guarded, services: ApiServices) {
  const { devices, metrics, inventory, links } = services;
  return {
    metrics: os.devices.metrics.handler(async ({ input, context }) => {
      const device = await found(services, context.scope, input.id);
      const names = input.names?.split(',').filter((name) => name !== '');
      const relays = await relaysOf(services, context.scope, device.siteId);
      const { from, to, maxPoints } = input;
      const series = await metrics.range({
        device: device.id,
        relays,
        names,
        from,
        to,
        maxPoints,
        intervalMs: device.intervalMs,
      });
      return { series };
    }),
    facts: os.devices.facts.handler(async ({ input, context }) => ({
      facts: await inventory.current(context.scope, input.id),
    })),
    events: os.devices.events.handler(async ({ input, context }) => ({
      events: await devices.events(context.scope, input.id, input.limit),
    })),
    watch: os.devices.watch.handler(async ({ input, context }) => {
      const device = await found(services, context.scope, input.id);
      if (device.relayId !== null) links.watch(device.relayId, device.id, WATCH);
      return WATCH;
    }),
  };
}

/** A leaf and its site's relay may both hold polls of one machine. */
async function relaysOf({ relays }: ApiServices, scope: Scope, site: SiteId): Promise<RelayId[]> {
  const all = await relays.list(scope);
  return all.filter((relay) => relay.siteId === site).map((relay) => relay.id);
}
