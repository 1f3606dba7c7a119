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
import {
  type DeviceOptions,
  type OrderOptions,
  orderAsked,
  targetsAsked,
  withDeviceOptions,
  withOrderOptions,
} from './order-options.ts';
import { print, table } from './output.ts';
import { collected, wholeNumber } from './verb.ts';

interface DoOptions extends OrderOptions, DeviceOptions {
  param?: string[];
  timeout?: number;
  concurrency: number;
}

/** What an action of ours says is a few lines; what PowerShell says may be more. */
const OUTPUT_BYTES = 64 * 1024;

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

async function perform(name: string | undefined, options: DoOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  if (name === undefined) return listed(context);
  const action = actionFrom(name, options.param ?? []);
  const targets = await targetsAsked(context, options, 'rmm do <action>');
  const timeoutS = options.timeout ?? CATALOGUE[name as CatalogueName].timeoutS; // it made an action
  await giveOrder(context, targets, {
    action,
    timeoutMs: timeoutS * 1_000,
    outputBytes: OUTPUT_BYTES,
    concurrency: options.concurrency,
    ...orderAsked(options),
  });
}

const EXAMPLES = `
Examples:
  rmm do
  rmm do device.reboot --device web-1 --reason 'kernel update'
  rmm do service.stop --param service=nginx --filter 'site:berlin tag:web'
  rmm do registry.set --device pc-7 --param key='HKLM\\SOFTWARE\\Example' --param value=On --param kind=dword --param data=1`;

export function addDoCommand(program: Command): void {
  const command = program
    .command('do [action]')
    .description('order an action of the catalogue; without one: list them');
  withDeviceOptions(command)
    .option('--param <name=value>', 'a parameter of the action; again for another', collected)
    .option('--timeout <seconds>', 'longest run on one device; as the catalogue says', wholeNumber(1, 86_400))
    .option('--concurrency <count>', 'devices worked on at once per relay', wholeNumber(1, 500), 10);
  withConnection(withOrderOptions(command).addHelpText('after', EXAMPLES)).action(perform);
}
