// `rmm run <device...> -- <command>`: sign on this machine, hand over, follow to the last device.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { type CommandContext, contextOf, withConnection } from './command-context.ts';
import { giveOrder } from './give-order.ts';
import { siteNamed } from './named.ts';
import { type OrderOptions, orderAsked, targetsAsked, withFilterOption, withOrderOptions } from './order-options.ts';
import { checkVariables, varsNamed } from './variable-commands.ts';
import { collected, wholeNumber } from './verb.ts';

interface RunOptions extends OrderOptions {
  site?: string;
  filter?: string;
  timeout: number;
  concurrency: number;
  var?: string[];
}

/** Kept of each device's output; the rest is cut and said to be cut. */
const OUTPUT_BYTES = 256 * 1024;

async function targetsOf(
  context: CommandContext,
  names: readonly string[],
  { site, filter }: Pick<RunOptions, 'site' | 'filter'>,
): Promise<DeviceTarget[]> {
  if (filter !== undefined && site !== undefined)
    throw new AppError('bad-request', 'a site or a filter: --filter "site:<name> ..." says both');
  if (filter !== undefined) return targetsAsked(context, { device: [...names], filter }, 'rmm run');
  const siteId = site === undefined ? {} : { siteId: (await siteNamed(context.api, site)).id };
  const query = { devices: [...names], ...siteId };
  const { targets } = await context.api.devices.targets(query);
  return targets;
}

async function run(words: string[], options: RunOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  const split = splitWords(words, options.site !== undefined || options.filter !== undefined);
  const targets = await targetsOf(context, split.devices, options);
  const sites = new Set<string>(targets.map(({ siteId }) => siteId));
  await checkVariables(context.api, options.var ?? [], sites);
  await giveOrder(context, targets, {
    action: { name: 'command.run', arguments: { command: split.command, ...varsNamed(options.var) } },
    timeoutMs: options.timeout * 1_000,
    outputBytes: OUTPUT_BYTES,
    concurrency: options.concurrency,
    ...orderAsked(options),
  });
}

/** Devices stand before `--`, the command after it; with --site or --filter all words may be the command. */
export function splitWords(words: readonly string[], isNamed: boolean): { devices: string[]; command: string } {
  const at = words.indexOf('--');
  const devices = at < 0 ? (isNamed ? [] : words.slice(0, 1)) : words.slice(0, at);
  const command = (at < 0 ? words.slice(isNamed ? 0 : 1) : words.slice(at + 1)).join(' ');
  const option = devices.find((word) => word.startsWith('-'));
  if (option !== undefined)
    throw new AppError(
      'bad-request',
      `${option}: options stand before the devices: rmm run [options] <device...> -- <command>`,
    );
  if (command.trim() === '') throw new AppError('bad-request', 'no command: rmm run <device...> -- <command>');
  if (devices.length === 0 && !isNamed)
    throw new AppError('bad-request', 'no device: rmm run <device...> -- <command>, --site <id> or --filter <filter>');
  return { devices, command };
}

const EXAMPLES = `
Examples:
  rmm run web-1 web-2 -- 'df -h /'
  rmm run web-1 --var BACKUP_PASS -- 'restic backup /srv --password-command "printenv BACKUP_PASS"'
  rmm run --filter 'tag:web system:linux' -- uptime
  rmm run --site Warehouse --timeout 300 -- apt-get -y upgrade`;

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('run a shell command on devices, signed by the key on this machine')
    .usage('[options] <device...> -- <command>')
    .argument('[words...]')
    .passThroughOptions()
    .option('--site <site>', 'every device of a site')
    .option('--timeout <seconds>', 'longest run on one device', wholeNumber(1, 86_400), 60)
    .option('--concurrency <count>', 'devices worked on at once per relay', wholeNumber(1, 500), 50)
    .option('--var <name>', 'a variable of the site for the command’s environment; again for another', collected);
  withConnection(withOrderOptions(withFilterOption(command)).addHelpText('after', EXAMPLES)).action(run);
}
