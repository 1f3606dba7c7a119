// The fleet: listed, searched, counted, and one device of it.
import type { Scope } from '#console/access/scope.ts';
import type { Device } from '#console/devices/devices.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceDetail, DeviceSummary } from '#shared/contract/device-contract.ts';
import { DERIVED } from '#shared/model/derive.ts';
import type { Guarded } from './guard.ts';
import { notBuilt } from './not-built.ts';
import type { ApiServices } from './services.ts';

const units = new Map<string, string>(DERIVED.map((rule) => [rule.name, rule.unit]));

export function withLatest(device: Device, services: ApiServices, names?: ReadonlySet<string>): DeviceSummary {
  const latest = services.lastValues.latest(device.siteId, device.id);
  const values = latest?.values ?? [];
  const asked = names === undefined ? values : values.filter((reading) => names.has(reading.name));
  return {
    ...device,
    type: 'unknown',
    os: null,
    serial: null,
    tags: [],
    groups: [],
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
  return {
    ...device,
    ...withLatest(device, services),
    ...(device.setType === null ? {} : { type: device.setType }),
    tags: device.tags,
    groups: device.handGroups,
  };
}

export async function found(services: ApiServices, scope: Scope, id: DeviceId) {
  const device = await services.devices.find(scope, id);
  if (device === undefined) throw new AppError('not-found', `no device ${id}`);
  return device;
}

export function deviceListProcedures(os: Guarded, services: ApiServices) {
  const { devices } = services;
  return {
    list: os.devices.list.handler(async ({ input, context }) => {
      const page = await devices.list(context.scope, input);
      const names = input.names === undefined ? undefined : new Set(input.names.split(','));
      return { ...page, total: 0, items: page.items.map((device) => withLatest(device, services, names)) };
    }),
    columns: os.devices.columns.handler(notBuilt),
    facets: os.devices.facets.handler(notBuilt),
    show: os.devices.show.handler(({ input, context }) => detailOf(services, context.scope, input.id)),
    targets: os.devices.targets.handler(async ({ input, context }) => ({
      targets: await devices.targets(context.scope, { words: input.devices, siteId: input.siteId }),
    })),
  };
}
