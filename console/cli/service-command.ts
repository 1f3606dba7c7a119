// `rmm service restart <name>`: a reversible order for devices by name or by filter, signed and followed like any other.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { ServiceName } from '#shared/model/actions/parameter-types.ts';
import { contextOf, withConnection } from './command-context.ts';
import { giveOrder } from './give-order.ts';
import { listDevices } from './named.ts';
import { rolloutAsked } from './run-command.ts';
import { wholeNumber } from './verb.ts';

interface RestartOptions {
  device?: string[];
  filter?: string;
  timeout: number;
  wait: number;
  reason: string;
  canary?: number;
  haltPercent?: number;
  key?: string;
}

/** What a manager says of a restart is a few lines. */
const OUTPUT_BYTES = 16 * 1024;
/** Relays refuse far fewer; one more tells that the filter is too wide. */
const MAX_DEVICES = 2_000;
const CONCURRENCY = 10;

async function restart(word: string, options: RestartOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  const service = ServiceName.safeParse(word);
  if (!service.success) throw new AppError('bad-request', `${word}: ${service.error.issues[0]?.message ?? 'no name'}`);
  const { device = [], filter } = options;
  if (device.length === 0 && filter === undefined)
    throw new AppError(
      'bad-request',
      'no device: rmm service restart <name> --device <device...>, or --filter <filter>',
    );
  const found =
    filter === undefined ? [] : (await listDevices(context.api, { q: filter, names: 'none' }, MAX_DEVICES + 1)).devices;
  if (found.length > MAX_DEVICES) throw new AppError('bad-request', `more than ${MAX_DEVICES} devices fit the filter`);
  const names = [...new Set([...device, ...found.map(({ id }) => id)])];
  if (names.length === 0) throw new AppError('not-found', 'no device fits the filter');
  const { targets } = await context.api.devices.targets({ devices: names });
  await giveOrder(context, targets, {
    action: { name: 'service.restart', arguments: { service: service.data } },
    timeoutMs: options.timeout * 1_000,
    outputBytes: OUTPUT_BYTES,
    concurrency: CONCURRENCY,
    reason: options.reason,
    validForMs: options.wait * 1_000,
    rollout: rolloutAsked(options),
    keyFile: options.key,
  });
}

const EXAMPLES = `
Examples:
  rmm service restart nginx --device web-1 web-2
  rmm service restart cron --filter 'site:berlin tag:linux' --reason 'hangs since the update'`;

export function addServiceCommands(program: Command): void {
  const service = program.command('service').description('services of devices');
  withConnection(
    service
      .command('restart <name>')
      .description('restart a service on devices: by systemd, OpenRC or service, whichever the device has')
      .option('--device <device...>', 'devices by name or id')
      .option('--filter <filter>', 'every device that fits, as `rmm device list` shows them')
      .option('--timeout <seconds>', 'longest restart on one device', wholeNumber(1, 3_600), 120)
      .option('--wait <seconds>', 'how long a relay that is away may still take it', wholeNumber(1, 86_400), 60)
      .option(
        '--canary <count>',
        'devices that run alone first; never more than the charter says',
        wholeNumber(1, 1_000),
      )
      .option('--halt-percent <percent>', 'failures at which the rest is not run', wholeNumber(0, 100))
      .option('--reason <text>', 'why, for the audit', '')
      .option('--key <file>', 'a signing key of your own instead of the one in the data folder')
      .addHelpText('after', EXAMPLES),
  ).action(restart);
}
