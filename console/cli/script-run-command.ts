// `rmm script run`: the newest reviewed version of a script for devices by name or by filter, shown, signed and followed like any other order.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { ScriptHead, ShownVersion } from '#shared/contract/script-contract.ts';
import type { ScriptAction } from '#shared/model/manifest.ts';
import type { ScriptVersion } from '#shared/model/script.ts';
import { scriptEnvironment } from '#shared/model/script-values.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { checkReview } from '#shared/seal/script-seal.ts';
import type { Api } from './client.ts';
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
import { checkVariables } from './variable-commands.ts';
import { collected, wholeNumber } from './verb.ts';

interface RunOptions extends OrderOptions, DeviceOptions {
  param?: string[];
  at?: number;
  unreviewed?: boolean;
  timeout?: number;
  concurrency: number;
}

type VersionOf = (
  api: Api,
  name: string,
  version?: number,
) => Promise<{ shown: ShownVersion; versions: ScriptHead[]; document: ScriptVersion }>;

/** Kept of each device's output; the rest is cut and said to be cut. */
const OUTPUT_BYTES = 256 * 1024;
const MAX_TIMEOUT_MS = 86_400_000;

function valuesFrom(document: ScriptVersion, words: readonly string[]): Record<string, string> {
  const values = Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw new AppError('bad-request', `--param ${word.slice(0, 80)}: expected NAME=value`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  const told = scriptEnvironment(document, values);
  if (!told.ok) throw new AppError('bad-request', `--param ${told.detail}`);
  return values;
}

/** What its relays would refuse it for is said before anybody signs. */
async function checkReviewed({ api }: CommandContext, shown: ShownVersion, sites: ReadonlySet<SiteId>): Promise<void> {
  for (const id of sites) {
    const charter = await readCharter((await api.sites.charter({ id })).signed);
    await checkReview(shown, charter).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'signature-missing') throw error;
      const ways = `rmm script review ${shown.name} by another person, or --unreviewed as an ad-hoc order`;
      throw new AppError('signature-missing', `${error.message}; ${ways}`, { cause: error });
    });
  }
}

const actionOf = (shown: ShownVersion, values: Record<string, string>, isUnreviewed: boolean): ScriptAction => {
  const what = { script: shown.text, hash: shown.hash, values };
  return isUnreviewed
    ? { name: 'script.try', arguments: what }
    : { name: 'script.run', arguments: { ...what, signatures: shown.signatures } };
};

/** Each hook may take as long as the script. */
function wholeTime({ timeoutS, before, after, rollback }: ScriptVersion): number {
  const steps = [before, after, rollback].filter((hook) => hook !== undefined).length + 1;
  return Math.min(MAX_TIMEOUT_MS, steps * timeoutS * 1_000);
}

async function run(versionOf: VersionOf, name: string, options: RunOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  const { shown, document } = await versionOf(context.api, name, options.at);
  const values = valuesFrom(document, options.param ?? []);
  const targets = await targetsAsked(context, options, `rmm script run ${name}`);
  const sites = new Set(targets.map(({ siteId }) => siteId));
  const isUnreviewed = options.unreviewed === true;
  if (!isUnreviewed) await checkReviewed(context, shown, sites);
  await checkVariables(context.api, document.vars ?? [], sites);
  await giveOrder(context, targets, {
    action: actionOf(shown, values, isUnreviewed),
    timeoutMs: options.timeout === undefined ? wholeTime(document) : options.timeout * 1_000,
    outputBytes: OUTPUT_BYTES,
    concurrency: options.concurrency,
    ...orderAsked(options),
  });
}

const EXAMPLES = `
Examples:
  rmm script run backup --device srv-1 --param KEEP=7
  rmm script run patch --filter 'site:berlin tag:web' --canary 1 --reason 'monthly'
  rmm script run draft --device srv-1 --unreviewed`;

export function addScriptRun(script: Command, versionOf: VersionOf): void {
  const command = script.command('run <name>').description('run a script of the library on devices');
  withDeviceOptions(command)
    .option('--param <NAME=value>', 'what it is told; again for another', collected)
    .option('--at <version>', 'this version instead of the newest', wholeNumber(1, 9_999))
    .option('--unreviewed', 'as an ad-hoc order: tier t3 instead of a review')
    .option('--timeout <seconds>', 'of the whole, hooks included; as the script says', wholeNumber(1, 86_400))
    .option('--concurrency <count>', 'devices worked on at once per relay', wholeNumber(1, 500), 10);
  withConnection(withOrderOptions(command).addHelpText('after', EXAMPLES)).action(
    (name: string, options: RunOptions, self: Command) => run(versionOf, name, options, self),
  );
}
