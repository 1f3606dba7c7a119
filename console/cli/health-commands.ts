// `rmm health fleet, devices, show, history`: how well devices are, and what each point of it rests on.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId } from '#shared/base/id.ts';
import type { HealthMoment, HealthRow, HealthSum } from '#shared/contract/health-contract.ts';
import type { DeviceHealth } from '#shared/model/health.ts';
import { HEALTH_BUCKETS, PART_POINTS } from '#shared/model/health-words.ts';
import { deviceNamed, siteNamed } from './named.ts';
import { age, table } from './output.ts';
import { look, wholeNumber } from './verb.ts';

const PARTS = ['AVAIL', 'PERF', 'SEC', 'COMPL', 'SCORE', 'KNOWN'] as const;

type Points = Pick<HealthMoment, 'availability' | 'performance' | 'security' | 'compliance' | 'score' | 'confidence'>;
const pointsOf = ({ availability, performance, security, compliance, score, confidence }: Points): string[] =>
  [availability, performance, security, compliance, score, `${confidence} %`].map(String);

const sumRow = (name: string, sum: HealthSum): string[] => {
  const { good, fair, poor, unknown } = sum.counts;
  return [name, String(sum.devices), ...pointsOf(sum), ...[good, fair, poor, unknown].map(String)];
};

function fleetText({ fleet, sites }: { fleet: HealthSum; sites: ReadonlyArray<HealthSum & { siteName: string }> }) {
  const rows = sites.map((site) => sumRow(site.siteName, site));
  return table(['SITE', 'DEVICES', ...PARTS, 'GOOD', 'FAIR', 'POOR', 'UNKNOWN'], [...rows, sumRow('all', fleet)]);
}

const devicesText = ({ items, total }: { items: readonly HealthRow[]; total: number }): string =>
  [
    table(
      ['DEVICE', 'SITE', 'HEALTH', ...PARTS],
      items.map((one) => [one.name, one.siteName, one.bucket, ...pointsOf(one)]),
    ),
    ...(total > items.length ? [`${items.length} of ${total}`] : []),
  ].join('\n');

function explained(health: DeviceHealth): string {
  const head = `${health.score} of 100, ${health.bucket}; ${health.confidence} points rest on something known`;
  const rows = health.parts.flatMap(({ part, got, points }) => [
    [part, `${got}/${PART_POINTS}`, '', '', ''],
    ...points.map((point) => [
      `  ${point.id}`,
      point.isKnown ? `${point.got}/${point.of}` : `-/${point.of}`,
      point.text,
      point.source,
      age(point.at, health.at),
    ]),
  ]);
  return `${head}\n${table(['', 'POINTS', 'BECAUSE', 'SOURCE', 'AGE'], rows)}`;
}

const historyText = (items: readonly HealthMoment[]): string =>
  table(
    ['AT', ...PARTS],
    items.map((one) => [new Date(one.at).toISOString().slice(0, 16).replace('T', ' '), ...pointsOf(one)]),
  );

interface HistoryOptions {
  site?: string;
  device?: string;
  days: number;
}

export function addHealthCommands(program: Command): void {
  const health = program.command('health').description('How well devices are, and why');
  look(health, 'fleet', {
    summary: 'How well the fleet and each site are, the worst site first',
    examples: ['health fleet'],
    run: ({ context }) => context.api.health.overview(),
    text: fleetText,
  });
  look<{ items: HealthRow[]; total: number }, { site?: string; bucket?: HealthRow['bucket']; limit: number }>(
    health,
    'devices',
    {
      summary: 'Devices by their score, the worst first',
      examples: ['health devices', 'health devices --site Berlin --bucket poor'],
      options: (command) =>
        command
          .option('--site <site>', 'of one site, by name or id')
          .option('--bucket <bucket>', HEALTH_BUCKETS.join(', '))
          .option('--limit <count>', 'at most so many', wholeNumber(1, 500), 50),
      run: async ({ context, options: { site, bucket, limit } }) => {
        const siteId = site === undefined ? undefined : (await siteNamed(context.api, site)).id;
        return context.api.health.devices({
          limit,
          ...(siteId === undefined ? {} : { siteId }),
          ...(bucket === undefined ? {} : { bucket }),
        });
      },
      text: devicesText,
    },
  );
  look(health, 'show <device>', {
    summary: 'The score of a device, and what each point of it rests on',
    examples: ['health show web-01'],
    run: async ({ context, args: [word = ''] }) =>
      context.api.health.device({ id: DeviceId.parse(await deviceNamed(context.api, word)) }),
    text: explained,
  });
  look<HealthMoment[], HistoryOptions>(health, 'history', {
    summary: 'How well the fleet or a site was by the hour, or a device by the day',
    examples: ['health history', 'health history --site Berlin --days 7', 'health history --device web-01'],
    options: (command) =>
      command
        .option('--site <site>', 'of one site, by name or id')
        .option('--device <device>', 'of one device')
        .option('--days <count>', 'how far back', wholeNumber(1, 400), 30),
    run: async ({ context: { api }, options: { site, device, days } }) => {
      if (site !== undefined && device !== undefined)
        throw new AppError('bad-request', 'say one of --site and --device');
      if (device !== undefined) {
        const id = DeviceId.parse(await deviceNamed(api, device));
        return (await api.health.deviceHistory({ id, days })).items;
      }
      const siteId = site === undefined ? {} : { siteId: (await siteNamed(api, site)).id };
      return (await api.health.history({ days, ...siteId })).items;
    },
    text: historyText,
  });
}
