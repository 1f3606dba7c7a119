// `rmm standing sign`: drafts a standing order or opens one that waits, shows it in plain words, and signs it with --yes.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { StandingId } from '#shared/base/id.ts';
import { ServiceName } from '#shared/model/actions/parameter-types.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Action } from '#shared/model/manifest.ts';
import type { SignedStanding, StandingOrder } from '#shared/model/standing-order.ts';
import { readRule } from '#shared/model/standing-rule.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { draftStanding, type StandingAsk, standingAnew } from '#shared/seal/standing-draft.ts';
import { readStanding, signStandingText, standingText } from '#shared/seal/standing-seal.ts';
import type { Api } from './client.ts';
import { assertLookedAt, rememberLook } from './looked-at.ts';
import { relayNamed } from './named.ts';
import { loadSigner } from './signer-key.ts';
import { standingText as plainText } from './standing-text.ts';
import { type TriggerOptions, triggerOf, triggerOptions } from './standing-trigger.ts';
import { checkVariables, varsNamed } from './variable-commands.ts';
import { act, collected, wholeNumber } from './verb.ts';

interface SignOptions extends TriggerOptions {
  id?: string;
  name?: string;
  command?: string;
  var?: string[];
  restart?: string;
  rule?: string;
  atMost?: number;
  relay?: string;
  renew?: string;
  coolDown: number;
  days: number;
  timeout: number;
  reason: string;
  key?: string;
  yes?: boolean;
}

interface Shown {
  id: string;
  text: string;
  state: string;
  lacks: string | null;
}

const SECOND = 1_000;
const DAY = 86_400_000;
/** Kept of each device's output; the rest is cut and said to be cut. */
const OUTPUT_BYTES = 64 * 1024;
const CONCURRENCY = 10;

const charterOf = async (api: Api, site: StandingOrder['site']): Promise<Charter> =>
  readCharter((await api.sites.charter({ id: site })).signed);

function actionOf({ command, restart, var: vars }: SignOptions): Action {
  if ((command === undefined) === (restart === undefined))
    throw new AppError('bad-request', 'name what it does: --command or --restart');
  if (command !== undefined) return { name: 'command.run', arguments: { command, ...varsNamed(vars) } };
  if (vars !== undefined) throw new AppError('bad-request', '--var: variables are for a --command');
  const service = ServiceName.safeParse(restart);
  if (!service.success)
    throw new AppError('bad-request', `--restart: ${service.error.issues[0]?.message ?? 'no name'}`);
  return { name: 'service.restart', arguments: { service: service.data } };
}

async function reachOf(api: Api, devices: readonly string[], options: SignOptions): Promise<StandingAsk['reach']> {
  const { rule: text, atMost, relay: word } = options;
  if ((text === undefined) === (devices.length === 0))
    throw new AppError('bad-request', 'name the devices it may act on, or a rule with --rule');
  if (text === undefined) return { targets: (await api.devices.targets({ devices: [...devices] })).targets };
  const read = readRule(text);
  if (!read.ok) throw new AppError('bad-request', `--rule: ${read.message}`);
  if (atMost === undefined) throw new AppError('bad-request', '--rule: say with --at-most how many devices it may fit');
  if (word === undefined) throw new AppError('bad-request', '--rule: name with --relay where it stands');
  if (options.var !== undefined)
    throw new AppError('bad-request', '--var: variables go to devices that are named, not to what fits a --rule');
  const relay = await relayNamed(api, word);
  return { rule: { text, atMost }, site: relay.siteId, relay: relay.id };
}

async function drafted(
  api: Api,
  devices: readonly string[],
  options: SignOptions,
  now: number,
): Promise<StandingOrder> {
  const { name } = options;
  if (name === undefined) throw new AppError('bad-request', 'a standing order needs --name');
  const ask: StandingAsk = {
    ...{ name, reach: await reachOf(api, devices, options), action: actionOf(options) },
    trigger: await triggerOf(api, options),
    timeoutMs: options.timeout * SECOND,
    ...{ outputBytes: OUTPUT_BYTES, concurrency: CONCURRENCY, reason: options.reason },
    coolDownMs: options.coolDown * SECOND,
    standsMs: options.days * DAY,
  };
  // The version is that of the site, which the draft knows.
  const draft = draftStanding(ask, 1, now);
  await checkVariables(api, options.var ?? [], new Set([draft.site]));
  return { ...draft, charterVersion: (await charterOf(api, draft.site)).version };
}

/** One that stands or stood, to be signed with the same content from now on. */
async function renewed(api: Api, id: string, now: number): Promise<StandingOrder> {
  const { order } = await waiting(api, id);
  return standingAnew(order, (await charterOf(api, order.site)).version, now);
}

/** What a person gave as the id of a standing order. */
export function standingId(word: string): StandingId {
  const parsed = StandingId.safeParse(word);
  if (!parsed.success) throw new AppError('not-found', `no standing order ${word}: it is named by its id`);
  return parsed.data;
}

/** The order that waits for one more signature, as it was signed so far. */
async function waiting(api: Api, id: string): Promise<{ order: StandingOrder; signed: SignedStanding }> {
  const known = standingId(id);
  const { signed } = await api.standing.show({ id: known });
  const order = readStanding(signed);
  if (order.kind !== 'standing' || order.id !== known)
    throw new AppError('signature-invalid', `the console shows something else as standing order ${id}`);
  return { order, signed };
}

/** As far as the console knows; undefined when it cannot be asked, which must hinder nobody from looking. */
const matchesOf = (api: Api, relayId: StandingOrder['relay'], rule: string) =>
  api.standing.matches({ relayId, rule }).catch(() => undefined);

export async function shownText(api: Api, order: StandingOrder): Promise<string> {
  const watched = order.trigger.type === 'device-unreachable' ? [order.trigger.device] : [];
  const devices = [...order.targets.map(({ device }) => device), ...watched];
  const targets = devices.length === 0 ? [] : (await api.devices.targets({ devices })).targets;
  const names = new Map<string, string>(targets.map(({ id, name }) => [id, name]));
  const matches = order.rule === undefined ? undefined : await matchesOf(api, order.relay, order.rule.text);
  const nameOf = (device: string) => names.get(device) ?? device;
  return plainText(order, await charterOf(api, order.site), { nameOf, matches });
}

export function addStandingSign(standing: Command): void {
  act<Shown, SignOptions>(standing, 'sign [device...]', {
    summary: 'show a standing order in plain words and sign it with --yes; --id adds a signature to one that waits',
    examples: [
      "standing sign web-1 --when-back 60 --name 'start the app' --command 'systemctl start app' --yes",
      "standing sign web-1 web-2 --daily 03:30 --name 'free the cache' --command 'apt-get clean' --days 30",
      "standing sign --rule 'os:debian hostname:web-*' --at-most 20 --relay fra-1 --daily 03:30 --name cron --restart cron",
      'standing sign --renew 01890000-0000-7000-8000-000000000000 --yes',
      'standing sign --id 01890000-0000-7000-8000-000000000000 --yes',
    ],
    options: (command) =>
      triggerOptions(command)
        .option('--id <id>', 'one that waits for another person')
        .option('--name <text>', 'what people call it')
        .option('--command <text>', 'what is run with /bin/sh')
        .option('--var <name>', 'a variable of the site for its environment; again for another', collected)
        .option('--restart <service>', 'the service that is restarted')
        .option('--rule <rule>', 'in place of devices: what a device is, as its relay reads it itself')
        .option('--at-most <count>', 'with a rule: when more devices fit, nothing is done', wholeNumber(1, 2_000))
        .option('--relay <relay>', 'with a rule: where it stands')
        .option('--renew <id>', 'the same order once more, from now on')
        .option('--cool-down <seconds>', 'on one device not again before this', wholeNumber(60, 7_776_000), 3_600)
        .option('--days <days>', 'how long it stands', wholeNumber(1, 90), 30)
        .option('--timeout <seconds>', 'longest run on one device', wholeNumber(1, 86_400), 60)
        .option('--reason <text>', 'why, for the audit', '')
        .option('--key <file>', 'a signing key of your own instead of the one in the data folder')
        .option('--yes', 'sign it; without this it is only shown'),
    run: async ({ context: { api, data }, args, options, now }) => {
      const known = options.id === undefined ? undefined : await waiting(api, options.id);
      const { renew } = options;
      const made = () => (renew === undefined ? drafted(api, args, options, now) : renewed(api, renew, now));
      const order = known?.order ?? (await made());
      const text = await shownText(api, order);
      // Of one that waits the text is what others signed, byte for byte.
      const signable = known?.signed.text ?? standingText(order);
      if (options.yes !== true) {
        if (known !== undefined) await rememberLook(data, order.id, signable);
        return { id: order.id, text, state: 'shown', lacks: null };
      }
      await assertLookedAt(data, order.id, signable);
      const signature = await signStandingText(signable, 'standing', await loadSigner(data, options.key));
      const signatures = [...(known?.signed.signatures ?? []), signature];
      const { id, state, lacks } = await api.standing.put({ signed: { text: signable, signatures } });
      return { id, text, state, lacks };
    },
    text: ({ text, state, lacks, id }) => {
      const next =
        lacks === null
          ? `standing order ${id} is ${state}`
          : `signed, and it waits: ${lacks}\nrmm standing sign --id ${id}`;
      return `${text}\n\n${state === 'shown' ? 'if this is what should happen by itself, say --yes' : next}`;
    },
  });
}
