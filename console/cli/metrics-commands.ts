// `rmm metrics list, show, sum, top, export`: readings over time, of devices, sites, groups and the fleet.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import {
  type MetricLine,
  type MetricRow,
  type MetricSource,
  type MetricSum,
  type MetricTopRow,
  metricContract,
} from '#shared/contract/metric-contract.ts';
import { openFile, type SavedFile, savedText, saveFile } from './export-file.ts';
import { deviceNamed } from './named.ts';
import { age, reading, table } from './output.ts';
import { type OverOptions, overOf, withOver } from './over-option.ts';
import { act, look, wholeNumber } from './verb.ts';

const HOUR_MS = 3_600_000;
/** As far back as anything may be kept. */
const MAX_HOURS = 17_520;

const withHours = (command: Command, hours: number): Command =>
  command.option('--hours <count>', 'how far back', wholeNumber(1, MAX_HOURS), hours);

const iso = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** What an answer lacks is said under it. */
function withSource(text: string, { missing, away }: MetricSource): string {
  if (missing.length === 0) return text;
  const spans = missing.map(({ from, to }) => `${iso(from)} to ${iso(to)}`).join(', ');
  const why = away ? '; its site is away and may still have it' : '';
  return `${text}\n\nnot known here (UTC): ${spans}${why}`;
}

function addList(metrics: Command): void {
  look<MetricRow[]>(metrics, 'list', {
    summary: 'every metric there is',
    examples: ['metrics list', 'metrics list --json'],
    run: async ({ context: { api } }) => (await api.metrics.catalogue()).items,
    text: (items) =>
      table(
        ['NAME', 'UNIT', 'KIND', 'OF'],
        items.map(({ name, unit, kind, scope }) => [name, unit, kind, scope]),
      ),
  });
}

interface Shown {
  lines: MetricLine[];
  source: MetricSource;
}

function addShow(metrics: Command): void {
  look<Shown, { hours: number; points: number; instance?: string }>(metrics, 'show <metric> <device...>', {
    summary: 'one metric of up to 20 devices: least, mean and most; with --json every point',
    examples: ['metrics show cpu.used_ratio web-1 web-2', 'metrics show disk.latency db-1 --instance sda --hours 168'],
    options: (command) =>
      withHours(command, 1)
        .option('--points <count>', 'points of each line', wholeNumber(2, 5_000), 600)
        .option('--instance <instance>', 'one disk, interface or file system'),
    run: async ({ context: { api, clock }, args: [name = '', ...words], options: { hours, points, instance } }) => {
      const devices = (await Promise.all(words.map((word) => deviceNamed(api, word)))).join(',');
      const to = clock.now();
      const of = instance === undefined ? {} : { instance };
      return await api.metrics.range({ name, devices, ...of, from: to - hours * HOUR_MS, to, maxPoints: points });
    },
    text: ({ lines, source }) => withSource(linesTable(lines), source),
  });
}

const known = (values: ReadonlyArray<number | null>): number[] => values.filter((value) => value !== null);

function linesTable(lines: readonly MetricLine[]): string {
  return table(
    ['DEVICE', 'INSTANCE', 'LEAST', 'MEAN', 'MOST', 'POINTS'],
    lines.map(({ deviceName, instance, unit, min, avg, max }) => {
      const means = known(avg);
      const mean = means.length === 0 ? null : means.reduce((sum, value) => sum + value, 0) / means.length;
      const [least, most] = [known(min).sort((a, b) => a - b)[0], known(max).sort((a, b) => b - a)[0]];
      const shown = (value: number | null | undefined) => reading(value ?? null, unit);
      return [deviceName, instance, shown(least), shown(mean), shown(most), String(means.length)];
    }),
  );
}

function addSum(metrics: Command): void {
  look<MetricSum, OverOptions & { hours: number; by: string; zone: string }>(metrics, 'sum <metric>', {
    summary: 'one metric of a site, a group, a customer or the fleet, by the hour or by local days',
    examples: [
      'metrics sum network.rx_rate --site Main',
      'metrics sum cpu.used_ratio --hours 720 --by day --zone Europe/Berlin',
    ],
    options: (command) =>
      withHours(withOver(command), 24)
        .option('--by <what>', 'hour or day', 'hour')
        .option('--zone <zone>', 'of the days, such as Europe/Berlin', 'UTC'),
    run: async ({ context: { api, clock }, args: [name = ''], options: { hours, by, zone, ...over } }) => {
      if (by !== 'hour' && by !== 'day') throw new AppError('bad-request', '--by: hour or day');
      const to = clock.now();
      return await api.metrics.sum({ name, over: await overOf(api, over), from: to - hours * HOUR_MS, to, by, zone });
    },
    text: (sum) =>
      withSource(
        table(
          ['FROM (UTC)', 'LEAST', 'MEAN', 'MOST', 'SUM', 'VALUES'],
          sum.at.map((at, i) => [
            iso(at),
            ...[sum.min, sum.avg, sum.max].map((values) => reading(values[i] ?? null, sum.unit)),
            // Of a rate it is what came through; of levels it is no number for people.
            sum.unit.endsWith('/s') ? reading(sum.sum[i] ?? null, sum.unit.slice(0, -2)) : '',
            String(sum.count[i] ?? 0),
          ]),
        ),
        sum.source,
      ),
  });
}

interface Top {
  unit: string;
  rows: MetricTopRow[];
  source: MetricSource;
}

function addTop(metrics: Command): void {
  look<Top, OverOptions & { hours: number; by: string; limit: number }>(metrics, 'top <metric>', {
    summary: 'the devices with the most of one metric',
    examples: ['metrics top cpu.used_ratio', 'metrics top filesystem.used_ratio --site Main --by max --hours 168'],
    options: (command) =>
      withHours(withOver(command), 24)
        .option('--by <what>', 'last, avg, max, or min for the least ones', 'last')
        .option('--limit <count>', 'at most so many', wholeNumber(1, 100), 10),
    run: async ({ context: { api, clock }, args: [name = ''], options: { hours, by, limit, ...over } }) => {
      if (by !== 'last' && by !== 'avg' && by !== 'max' && by !== 'min')
        throw new AppError('bad-request', '--by: last, avg, max or min');
      const to = clock.now();
      return await api.metrics.top({ name, over: await overOf(api, over), from: to - hours * HOUR_MS, to, by, limit });
    },
    text: ({ unit, rows, source }, { now }) =>
      withSource(
        table(
          ['DEVICE', 'SITE', 'INSTANCE', 'VALUE', 'AS OF'],
          rows.map((row) => [row.deviceName, row.siteName, row.instance, reading(row.value, unit), age(row.at, now)]),
        ),
        source,
      ),
  });
}

interface ExportOptions extends OverOptions {
  device?: string;
  names?: string;
  hours: number;
  format: string;
}

function addExport(metrics: Command): void {
  act<SavedFile, ExportOptions>(metrics, 'export <file>', {
    summary: 'write every kept value of a span as CSV or JSON; "-" is standard output',
    examples: ['metrics export readings.csv --site Main --hours 168', 'metrics export - --device web-1 --format json'],
    options: (command) =>
      withHours(withOver(command), 24)
        .option('--device <device>', 'of one device, by name or id')
        .option('--names <names>', 'comma-separated names; every raw one when absent')
        .option('--format <format>', 'csv or json', 'csv'),
    run: async ({ context, args: [file = '-'], options: { device, names, hours, format, ...over } }) => {
      const { api, clock } = context;
      const whose =
        device === undefined ? { over: await overOf(api, over) } : { devices: await deviceNamed(api, device) };
      const to = clock.now();
      const { path = '' } = metricContract.export['~orpc'].route;
      const query = { ...whose, names, from: to - hours * HOUR_MS, to, format };
      return await saveFile(await openFile(context.console, path, query), file);
    },
    text: savedText,
  });
}

export function addMetricsCommands(program: Command): void {
  const metrics = program.command('metrics').description('readings over time, and who has most');
  addList(metrics);
  addShow(metrics);
  addSum(metrics);
  addTop(metrics);
  addExport(metrics);
}
