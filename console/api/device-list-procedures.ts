// The fleet: listed, searched, counted, and one device of it.
import type { Scope } from '#console/access/scope.ts';
import type { FleetDevice } from '#console/query/fleet-device.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceDetail, DeviceSummary } from '#shared/contract/device-contract.ts';
import { DERIVED } from '#shared/model/derive.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

const units = new Map<string, string>(DERIVED.map((rule) => [rule.name, rule.unit]));

/** A row of the index with its newest readings: all of them, or those that are named. */
export function withLatest(device: FleetDevice, services: ApiServices, names?: ReadonlySet<string>): DeviceSummary {
  const latest = device.relayId === null ? undefined : services.lastValues.latest(device.relayId, device.id);
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

/** One device as its page shows it; throws `not-found`. */
export async function detailOf(services: ApiServices, scope: Scope, id: DeviceId): Promise<DeviceDetail> {
  const device = await found(services, scope, id);
  await services.fleet.settled();
  const row = services.fleet.device(scope, id);
  if (row === undefined) throw new AppError('not-found', `no device ${id}`);
  return { ...device, ...withLatest(row, services) };
}

export async function found(services: ApiServices, scope: Scope, id: DeviceId) {
  const device = await services.devices.find(scope, id);
  if (device === undefined) throw new AppError('not-found', `no device ${id}`);
  return device;
}

export function deviceListProcedures(os: Guarded, services: ApiServices) {
  const { devices, fleet } = services;
  return {
    list: os.devices.list.handler(({ input, context }) => {
      const { q, names: asked, ...page } = input;
      const { items, ...rest } = fleet.list(context.scope, { ...page, filter: q });
      const names = asked === undefined ? undefined : new Set(asked.split(','));
      return { ...rest, items: items.map((device) => withLatest(device, services, names)) };
    }),
    columns: os.devices.columns.handler(({ input, context }) => fleet.columns(context.scope, input.readings)),
    facets: os.devices.facets.handler(({ input, context }) => fleet.facets(context.scope, input.q)),
    show: os.devices.show.handler(({ input, context }) => detailOf(services, context.scope, input.id)),
    targets: os.devices.targets.handler(async ({ input, context }) => ({
      targets: await devices.targets(context.scope, { words: input.devices, siteId: input.siteId }),
    })),
  };
}
