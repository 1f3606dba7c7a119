// Readings of several devices, of sites, groups and the fleet.
import type { Scope } from '#console/access/scope.ts';
import { lastReadings } from '#console/metrics/last-readings.ts';
import { metricRows, unitOf } from '#console/metrics/metric-names.ts';
import type { SelectedDevice, Selection } from '#console/query/fleet-selection.ts';
import { AppError } from '#shared/base/errors.ts';
import { MAX_RANGE_DEVICES, type MetricLine, type MetricSource } from '#shared/contract/metric-contract.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

const WHOLE: MetricSource = { resolution: 'raw', missing: [], away: false };

export function metricProcedures(os: Guarded, services: ApiServices) {
  const { lastValues } = services;
  return {
    catalogue: os.metrics.catalogue.handler(() => ({ items: metricRows() })),
    range: os.metrics.range.handler(async ({ input, context }) => {
      unitOf(input.name);
      const { from, to, maxPoints, instance } = input;
      const lines: MetricLine[] = [];
      for (const device of await seen(services, context.scope, input.devices)) {
        const relays = await services.relays.idsAt(device.siteId);
        const ask = { device: device.id, relays, names: [input.name], from, to, maxPoints };
        const { series } = await services.metrics.range({ ...ask, intervalMs: device.intervalMs });
        for (const { name: _name, ...line } of series)
          if (instance === undefined || line.instance === instance)
            lines.push({ device: device.id, deviceName: device.name, ...line });
      }
      return { lines, source: WHOLE };
    }),
    sum: os.metrics.sum.handler(async ({ input, context }) => {
      const { devices } = await selected(services, context.scope, input.over);
      const missing = input.to > input.from ? [{ from: input.from, to: input.to }] : [];
      const nothing = { at: [], min: [], avg: [], max: [], sum: [], count: [], until: input.to };
      const source = { resolution: 'hours' as const, missing, away: false };
      return { unit: unitOf(input.name), ...nothing, devices: devices.length, by: 'devices' as const, source };
    }),
    top: os.metrics.top.handler(async ({ input, context }) => {
      const unit = unitOf(input.name);
      const { devices } = await selected(services, context.scope, input.over);
      if (input.by !== 'last') throw new AppError('unavailable', 'only the last values are known yet');
      const byId = new Map(devices.map((device) => [device.id, device]));
      const rows = lastReadings(lastValues, devices, input.name).flatMap(({ device, instance, value, at }) => {
        const of = byId.get(device);
        if (of === undefined || value === undefined) return [];
        return [{ device, deviceName: of.name, siteName: of.siteName, instance, value, at }];
      });
      return { unit, rows: rows.sort((a, b) => b.value - a.value).slice(0, input.limit), source: WHOLE };
    }),
    last: os.metrics.last.handler(async ({ input, context }) => {
      const unit = unitOf(input.name);
      const { devices } = await selected(services, context.scope, input.over);
      const items = lastReadings(lastValues, devices, input.name);
      return { unit, items: items.map((item) => ({ ...item, value: item.value ?? null })) };
    }),
  };
}

/** Throws `not-found` where there is no such place, or nothing of it is seen. */
async function selected({ fleet }: ApiServices, scope: Scope, over: string): Promise<Selection> {
  await fleet.settled();
  const selection = fleet.select(scope, over);
  if (selection === undefined) throw new AppError('not-found', `no ${over.replace(':', ' ')}`);
  return selection;
}

/** The devices of a list, each of which the asker sees. */
async function seen({ fleet }: ApiServices, scope: Scope, list: string): Promise<SelectedDevice[]> {
  await fleet.settled();
  const ids = [...new Set(list.split(',').filter((id) => id !== ''))];
  if (ids.length === 0 || ids.length > MAX_RANGE_DEVICES)
    throw new AppError('bad-request', `devices are named by 1 to ${MAX_RANGE_DEVICES} ids with commas between them`);
  return ids.map((id) => {
    const device = fleet.selectOne(scope, id);
    if (device === undefined) throw new AppError('not-found', `no device ${id.slice(0, 60)}`);
    return device;
  });
}
