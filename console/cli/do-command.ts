// `rmm do <action>`: an action of the catalogue for devices by name or by filter, shown, signed and followed like any other order.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { CATALOGUE, CATALOGUE_NAMES, isCatalogueName } from '#shared/model/actions/catalogue.ts';
import type { CatalogueName } from '#shared/model/actions/catalogue-actions.ts';
import { PARAMETER_TYPES } from '#shared/model/actions/parameter-types.ts';
import { actionTitle } from '#shared/model/actions/words.ts';
import { Action } from '#shared/model/manifest.ts';
import { type CommandContext, contextOf, withConnection } from './command-context.ts';
import { giveOrder } from './give-order.ts';
import { listDevices } from './named.ts';
import { print, table } from './output.ts';
import { rolloutAsked } from './run-command.ts';
import { collected, wholeNumber } from './verb.ts';

interface DoOptions {
  device?: string[];
  filter?: string;
  param?: string[];
  timeout?: number;
  wait: number;
  concurrency: number;
  reason: string;
  canary?: number;
  haltPercent?: number;
  key?: string;
}

/** What an action of ours says is a few lines; what PowerShell says may be more. */
const OUTPUT_BYTES = 64 * 1024;
/** Relays refuse far fewer; one more tells that the filter is too wide. */
const MAX_DEVICES = 2_000;

/** `name=value` words as the arguments of an action; throws what is wrong with the first that is wrong. */
export function actionFrom(name: string, words: readonly string[]): Action {
  if (!isCatalogueName(name)) throw new AppError('bad-request', `${name}: no such action; \`rmm do\` lists them`);
  const { parameters } = CATALOGUE[name];
  const given: Record<string, unknown> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    const parameter = parameters.find((one) => at > 0 && one.name === word.slice(0, at));
    if (parameter === undefined) {
      const known = parameters.map((one) => one.name).join(', ') || 'none';
      throw new AppError('bad-request', `--param ${word.slice(0, 80)}: ${name} has these: ${known}`);
    }
    const text = word.slice(at + 1);
    const isNumber = PARAMETER_TYPES[parameter.type].safeParse(text).success === false && /^\d{1,12}$/.test(text);
    given[parameter.name] = isNumber ? Number(text) : text;
  }
  const action = Action.safeParse({ name, arguments: given });
  if (action.success) return action.data;
  const [issue] = action.error.issues;
  const missing = parameters.find((one) => one.isOptional !== true && given[one.name] === undefined);
  const where = missing?.name ?? String(issue?.path.at(-1) ?? '');
  throw new AppError('bad-request', `--param ${where}: ${missing === undefined ? issue?.message : `is missing`}`);
}

function listed(context: CommandContext): void {
  const rows = CATALOGUE_NAMES.map((name) => ({ name, title: actionTitle(name, 'en'), ...CATALOGUE[name] }));
  print(context.output, rows, () =>
    table(
      ['ACTION', 'TIER', 'SYSTEMS', 'PARAMETERS', 'WHAT'],
      rows.map(({ name, tier, systems, parameters, title }) => [
        name,
        tier,
        systems.join(','),
        parameters.map((one) => (one.isOptional === true ? `[${one.name}]` : one.name)).join(' ') || '-',
        title,
      ]),
    ),
  );
}

async function devicesOf(context: CommandContext, { device = [], filter }: DoOptions): Promise<string[]> {
  if (device.length === 0 && filter === undefined)
    throw new AppError('bad-request', 'no device: rmm do <action> --device <device...>, or --filter <filter>');
  const query = { q: filter ?? '', names: 'none' as const };
  const found = filter === undefined ? [] : (await listDevices(context.api, query, MAX_DEVICES + 1)).devices;
  if (found.length > MAX_DEVICES) throw new AppError('bad-request', `more than ${MAX_DEVICES} devices fit the filter`);
  const names = [...new Set([...device, ...found.map(({ id }) => id)])];
  if (names.length === 0) throw new AppError('not-found', 'no device fits the filter');
  return names;
}

async function perform(name: string | undefined, options: DoOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  if (name === undefined) return listed(context);
  const action = actionFrom(name, options.param ?? []);
  const { targets } = await context.api.devices.targets({ devices: await devicesOf(context, options) });
  const timeoutS = options.timeout ?? CATALOGUE[name as CatalogueName].timeoutS; // it made an action
  await giveOrder(context, targets, {
    action,
    timeoutMs: timeoutS * 1_000,
    outputBytes: OUTPUT_BYTES,
    concurrency: options.concurrency,
    reason: options.reason,
    validForMs: options.wait * 1_000,
    rollout: rolloutAsked(options),
    keyFile: options.key,
  });
}

const EXAMPLES = `
Examples:
  rmm do
  rmm do device.reboot --device web-1 --reason 'kernel update'
  rmm do service.stop --param service=nginx --filter 'site:berlin tag:web'
  rmm do registry.set --device pc-7 --param key='HKLM\\SOFTWARE\\Example' --param value=On --param kind=dword --param data=1`;

export function addDoCommand(program: Command): void {
  withConnection(
    program
      .command('do [action]')
      .description('order an action of the catalogue; without one: list them')
      .option('--device <device...>', 'devices by name or id')
      .option('--filter <filter>', 'every device that fits, as `rmm device list` shows them')
      .option('--param <name=value>', 'a parameter of the action; again for another', collected)
      .option('--timeout <seconds>', 'longest run on one device; as the catalogue says', wholeNumber(1, 86_400))
      .option('--wait <seconds>', 'how long a relay that is away may still take it', wholeNumber(1, 86_400), 60)
      .option('--concurrency <count>', 'devices worked on at once per relay', wholeNumber(1, 500), 10)
      .option(
        '--canary <count>',
        'devices that run alone first; never more than the charter says',
        wholeNumber(1, 1_000),
      )
      .option('--halt-percent <percent>', 'failures at which the rest is not run', wholeNumber(0, 100))
      .option('--reason <text>', 'why, for the audit', '')
      .option('--key <file>', 'a signing key of your own instead of the one in the data folder')
      .addHelpText('after', EXAMPLES),
  ).action(perform);
}
