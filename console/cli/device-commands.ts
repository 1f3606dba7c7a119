// `rmm device list, show, inventory, events, metrics, timeline`: the fleet and one device of it. Changing verbs are in device-write-commands.ts.
import type { Command } from 'commander';
import type { DeviceDetail, DeviceSummary, MetricSeries } from '#shared/contract/device-contract.ts';
import type { TimelineItem } from '#shared/contract/timeline-item.ts';
import { isAway } from '#shared/model/device-words.ts';
import { addInventoryCommand } from './device-inventory-command.ts';
import { addLogCommand } from './device-log-command.ts';
import { troublePairs } from './device-trouble.ts';
import { wayPairs } from './device-way.ts';
import { deviceNamed, listDevices } from './named.ts';
import { age, pairs, reading, table } from './output.ts';
import { timelineLine } from './timeline-line.ts';
import { look, wholeNumber } from './verb.ts';

/** What the table shows; the API holds sixty more. */
const SHOWN = 'cpu.used_ratio,memory.used_ratio,filesystem.used_ratio';
/** The size of the largest estate of one console. */
const MAX_DEVICES = 25_000;

function worst(device: DeviceSummary, name: string): string {
  const found = device.latest.filter((r) => r.name === name);
  if (found.length === 0) return '-';
  const high = found.reduce((a, b) => ((b.value ?? -1) > (a.value ?? -1) ? b : a));
  return reading(high.value, high.unit);
}

const shownName = (device: DeviceSummary) => (device.isSimulated ? `${device.name} (simulated)` : device.name);

/** A machine that people switch off is away, which needs no reason. */
function statusWords(device: Pick<DeviceSummary, 'status' | 'statusReason'>): string {
  if (isAway(device)) return 'away';
  return device.statusReason === null ? device.status : `${device.status} (${device.statusReason})`;
}

export function fleetTable(devices: readonly DeviceSummary[], now: number): string {
  return table(
    ['NAME', 'STATUS', 'SITE', 'ADDRESS', 'CPU', 'MEMORY', 'DISK', 'POLLED', 'TAGS'],
    devices.map((d) => [
      shownName(d),
      statusWords(d),
      d.siteName,
      d.address,
      worst(d, 'cpu.used_ratio'),
      worst(d, 'memory.used_ratio'),
      worst(d, 'filesystem.used_ratio'),
      age(d.polledAt, now),
      d.tags.join(','),
    ]),
  );
}

function deviceText(device: DeviceDetail, now: number): string {
  return pairs([
    ['id', device.id],
    ['name', shownName(device)],
    [
      'status',
      `${isAway(device) ? 'away' : device.status}${device.statusDetail === null ? '' : `: ${device.statusDetail}`}`,
    ],
    ...troublePairs(device),
    ['customer', device.customerName],
    ['site', device.siteName],
    ['address', `${device.transport}://${device.address}${device.port === null ? '' : `:${device.port}`}`],
    ...wayPairs(device, now),
    ['system', device.os ?? device.system],
    ['type', device.type],
    ['hostname', device.hostname ?? ''],
    ['serial', device.serial ?? ''],
    ['machine-id', device.identity?.machineId ?? ''],
    ['tags', device.tags.join(', ')],
    ['notes', device.notes],
    ...device.links.map(({ label, url }): [string, string] => ['link', `${label}: ${url}`]),
    ['polled', age(device.polledAt, now)],
    ...device.latest.map(({ name, instance, value, unit }): [string, string] => [
      instance === '' ? name : `${name} ${instance}`,
      reading(value, unit),
    ]),
  ]);
}

export function addDeviceCommands(program: Command): Command {
  const device = program.command('device').description('the machines that are watched');
  look<{ devices: DeviceSummary[]; total: number }, { sort?: string; limit: number }>(device, 'list [filter...]', {
    summary: 'list devices that fit a filter',
    examples: [
      'device list',
      'device list status:down site:berlin',
      "device list 'cpu>80%' tag:sql --sort -cpu --limit 20",
      'device list --json',
    ],
    options: (command) =>
      command
        .option('--sort <field>', 'a field of the filter, "-cpu" for the largest first')
        .option('--limit <count>', 'at most so many', wholeNumber(1, MAX_DEVICES), MAX_DEVICES),
    run: ({ context: { api, output }, args, options: { sort, limit } }) => {
      const query = { ...(args.length === 0 ? {} : { q: args.join(' ') }), ...(sort === undefined ? {} : { sort }) };
      return listDevices(api, output.isJson ? query : { ...query, names: SHOWN }, limit);
    },
    text: ({ devices, total }, { context }) =>
      devices.length === 0
        ? 'no device fits'
        : `${fleetTable(devices, context.clock.now())}${devices.length < total ? `\n${devices.length} of ${total}` : ''}`,
  });
  look(device, 'show <device>', {
    summary: 'what is known of a device, with its latest readings; with --json its inventory and events too',
    examples: ['device show web-1', 'device show web-1 --json'],
    run: async ({ context: { api }, args: [word = ''] }) => {
      const id = await deviceNamed(api, word);
      const [found, { facts }, { events }] = await Promise.all([
        api.devices.show({ id }),
        api.devices.facts({ id }),
        api.devices.events({ id, limit: 20 }),
      ]);
      return { ...found, facts, events };
    },
    text: (found, { context }) => deviceText(found, context.clock.now()),
  });
  addHistory(device);
  addInventoryCommand(device);
  addLogCommand(device);
  return device;
}

function addHistory(device: Command): void {
  look<TimelineItem[], { limit: number }>(device, 'timeline <device>', {
    summary: 'everything that happened to a device, newest first',
    examples: ['device timeline web-1', 'device timeline web-1 --limit 200'],
    options: (command) => command.option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50),
    run: async ({ context: { api }, args: [word = ''], options: { limit } }) =>
      (await api.devices.timeline({ id: await deviceNamed(api, word), limit })).items,
    text: (items) => (items.length === 0 ? 'nothing yet' : items.map(timelineLine).join('\n')),
  });
  look<MetricSeries[], { hours: number; name?: string }>(device, 'metrics <device>', {
    summary: 'series of a device: least, mean and most of each; with --json every point',
    examples: ['device metrics web-1', 'device metrics web-1 --name cpu.used_ratio --hours 24 --json'],
    options: (command) =>
      command
        .option('--hours <count>', 'how far back', wholeNumber(1, 8_784), 1)
        .option('--name <names>', 'comma-separated names; all derived ones when absent'),
    run: async ({ context: { api, clock }, args: [word = ''], options: { hours, name } }) => {
      const id = await deviceNamed(api, word);
      const to = clock.now();
      const span = { from: to - hours * 3_600_000, to, maxPoints: 600 };
      return (await api.devices.metrics({ id, ...span, ...(name === undefined ? {} : { names: name }) })).series;
    },
    text: metricsTable,
  });
}

function metricsTable(series: readonly MetricSeries[]): string {
  const known = (values: ReadonlyArray<number | null>) => values.filter((value) => value !== null);
  return table(
    ['NAME', 'INSTANCE', 'LEAST', 'MEAN', 'MOST', 'POINTS'],
    series.map((one) => {
      const means = known(one.avg);
      const mean = means.length === 0 ? null : means.reduce((sum, value) => sum + value, 0) / means.length;
      const least = known(one.min).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      const most = known(one.max).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const shown = (value: number | null) =>
        reading(value === null || !Number.isFinite(value) ? null : value, one.unit);
      return [one.name, one.instance, shown(least), shown(mean), shown(most), String(means.length)];
    }),
  );
}
