// `rmm service restart <name>`: a reversible order for devices by name or by filter, signed and followed like any other.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { ServiceName } from '#shared/model/actions/parameter-types.ts';
import { contextOf, withConnection } from './command-context.ts';
import { giveOrder } from './give-order.ts';
import {
  type DeviceOptions,
  type OrderOptions,
  orderAsked,
  targetsAsked,
  withDeviceOptions,
  withOrderOptions,
} from './order-options.ts';
import { wholeNumber } from './verb.ts';

interface RestartOptions extends OrderOptions, DeviceOptions {
  timeout: number;
}

/** What a manager says of a restart is a few lines. */
const OUTPUT_BYTES = 16 * 1024;
const CONCURRENCY = 10;

async function restart(word: string, options: RestartOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  const service = ServiceName.safeParse(word);
  if (!service.success) throw new AppError('bad-request', `${word}: ${service.error.issues[0]?.message ?? 'no name'}`);
  const targets = await targetsAsked(context, options, 'rmm service restart <name>');
  await giveOrder(context, targets, {
    action: { name: 'service.restart', arguments: { service: service.data } },
    timeoutMs: options.timeout * 1_000,
    outputBytes: OUTPUT_BYTES,
    concurrency: CONCURRENCY,
    ...orderAsked(options),
  });
}

const EXAMPLES = `
Examples:
  rmm service restart nginx --device web-1 web-2
  rmm service restart cron --filter 'site:berlin tag:linux' --reason 'hangs since the update'`;

export function addServiceCommands(program: Command): void {
  const command = program
    .command('service')
    .description('services of devices')
    .command('restart <name>')
    .description('restart a service on devices: by systemd, OpenRC or service, whichever the device has');
  withDeviceOptions(command).option('--timeout <seconds>', 'longest restart on one device', wholeNumber(1, 3_600), 120);
  withConnection(withOrderOptions(command).addHelpText('after', EXAMPLES)).action(restart);
}
