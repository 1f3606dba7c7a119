// Readings of several devices, of sites, groups and the fleet.
import type { Scope } from '#console/access/scope.ts';
import { averageAt } from '#console/metrics/bucket-lines.ts';
import type { Asked } from '#console/metrics/fleet-metrics.ts';
import { lastReadings } from '#console/metrics/last-readings.ts';
import { metricRows, unitOf } from '#console/metrics/metric-names.ts';
import type { SelectedDevice, Selection } from '#console/query/fleet-selection.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { MetricLine, MetricSource, MetricTopRow } from '#shared/contract/metric-contract.ts';
import type { Guarded } from './guard.ts';
import { seen, selected } from './selected-devices.ts';
import type { ApiServices } from './services.ts';

const FROM_MEMORY: MetricSource = { resolution: 'raw', missing: [], away: false };
/** What is compared where no span is asked for. */
const LAST_DAY_MS = 86_400_000;

/** Served by metric-export-route.ts, which stands before the handler. */
const elsewhere = (): never => {
  throw new AppError('internal', 'the export of metrics was asked of the wrong door');
};

export function metricProcedures(os: Guarded, services: ApiServices) {
  const { lastValues, fleetMetrics } = services;
  return {
    catalogue: os.metrics.catalogue.handler(() => ({ items: metricRows(lastValues.scripts) })),
    range: os.metrics.range.handler(async ({ input, context, signal }) =>
      rangeOf(services, context.scope, input, signal),
    ),
    sum: os.metrics.sum.handler(async ({ input, context, signal }) => {
      const selection = await selected(services, context.scope, input.over);
      const asked = await askedOf(services, selection);
      const sum = await fleetMetrics.sum({ ...input, ...asked }, signal);
      const by = asked.devices.length === 0 ? ('sites' as const) : ('devices' as const);
      return { ...sum, devices: selection.devices.length, by };
    }),
    top: os.metrics.top.handler(async ({ input, context, signal }) => {
      const { devices } = await selected(services, context.scope, input.over);
      if (input.by === 'last') {
        const rows = lastReadings(lastValues, devices, input.name).flatMap(({ value, ...row }) =>
          value === undefined ? [] : [{ ...row, value }],
        );
        return {
          unit: unitOf(input.name, lastValues.scripts),
          rows: ranked(rows, devices, input),
          source: FROM_MEMORY,
        };
      }
      const to = input.to ?? services.clock.now();
      const from = input.from ?? to - LAST_DAY_MS;
      const places = await placesOf(services, devices);
      const ids = devices.map(({ id }) => id);
      const { parts, source } = await fleetMetrics.parts({ name: input.name, devices: ids, places, from, to }, signal);
      const { by } = input;
      const rows = parts.map(({ device, line }) => {
        const value = by === 'avg' ? averageAt(line, 0) : (line[by][0] ?? Number.NaN);
        return { device, instance: line.instance, value, at: to };
      });
      return {
        unit: parts[0]?.line.unit ?? unitOf(input.name, lastValues.scripts),
        rows: ranked(rows, devices, input),
        source,
      };
    }),
    export: os.metrics.export.handler(elsewhere),
    last: os.metrics.last.handler(async ({ input, context }) => {
      const unit = unitOf(input.name, lastValues.scripts);
      const { devices } = await selected(services, context.scope, input.over);
      const items = lastReadings(lastValues, devices, input.name);
      return { unit, items: items.map((item) => ({ ...item, value: item.value ?? null })) };
    }),
  };
}

async function rangeOf(
  services: ApiServices,
  scope: Scope,
  input: { devices: string; name: string; instance?: string | undefined; from: number; to: number; maxPoints: number },
  signal: AbortSignal | undefined,
): Promise<{ lines: MetricLine[]; source: MetricSource }> {
  const { from, to, maxPoints, instance } = input;
  const lines: MetricLine[] = [];
  const sources: MetricSource[] = [];
  for (const device of await seen(services, scope, input.devices)) {
    const relays = await services.relays.idsAt(device.siteId);
    const ask = { device: device.id, site: device.siteId, since: device.createdAt, relays, names: [input.name] };
    const answer = await services.metrics.range({ ...ask, from, to, maxPoints, intervalMs: device.intervalMs }, signal);
    sources.push(answer.source);
    for (const { name: _name, ...line } of answer.series)
      if (instance === undefined || line.instance === instance)
        lines.push({ device: device.id, deviceName: device.name, ...line });
  }
  return { lines, source: together(sources) };
}

/** What is missing of any is missing; as coarse as the coarsest. */
function together(sources: readonly MetricSource[]): MetricSource {
  const missing = sources.flatMap((source) => source.missing).sort((a, b) => a.from - b.from);
  const joined: MetricSource['missing'] = [];
  for (const span of missing) {
    const last = joined.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  }
  const isCoarse = sources.some(({ resolution }) => resolution === 'hours');
  return { resolution: isCoarse ? 'hours' : 'raw', missing: joined, away: sources.some(({ away }) => away) };
}

interface Row {
  device: DeviceId;
  instance: string;
  value: number;
  at: number;
}

function ranked(
  rows: readonly Row[],
  devices: readonly SelectedDevice[],
  { by, limit }: { by: string; limit: number },
): MetricTopRow[] {
  const byId = new Map(devices.map((device) => [device.id, device]));
  const known = rows.filter(({ value }) => !Number.isNaN(value));
  known.sort((a, b) => (by === 'min' ? a.value - b.value : b.value - a.value));
  return known.slice(0, limit).map((row) => {
    const device = byId.get(row.device);
    return { ...row, deviceName: device?.name ?? '', siteName: device?.siteName ?? '' };
  });
}

/** Sites that are seen as a whole are told by their own sums; of others each device that is seen. */
async function askedOf(services: ApiServices, { devices, sites }: Selection): Promise<Asked> {
  const whole = new Set(sites);
  const single = devices.filter(({ siteId }) => !whole.has(siteId));
  const bySite = await services.relays.idsBySite();
  const all = new Set([...sites, ...single.map(({ siteId }) => siteId)]);
  const places = [...all].map((site) => ({ site, relays: bySite.get(site) ?? [] }));
  return { sites, devices: single.map(({ id }) => id), places };
}

const placesOf = async (services: ApiServices, devices: readonly SelectedDevice[]): Promise<Asked['places']> =>
  (await askedOf(services, { devices: [...devices], sites: [] })).places;
