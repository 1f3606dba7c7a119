// `rmm standing sign`: drafts a standing order or opens one that waits, shows it in plain words, and signs it with --yes.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { newId, StandingId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import { type SignedStanding, StandingOrder, type Trigger } from '#shared/model/standing-order.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { readStanding, signStandingText, standingText } from '#shared/seal/standing-seal.ts';
import type { Api } from './client.ts';
import { assertLookedAt, rememberLook } from './looked-at.ts';
import { deviceNamed } from './named.ts';
import { loadSigner } from './signer-key.ts';
import { standingText as plainText } from './standing-text.ts';
import { act, wholeNumber } from './verb.ts';

interface SignOptions {
  id?: string;
  name?: string;
  command?: string;
  every?: number;
  daily?: string;
  whenBack?: number | true;
  whenDown?: string;
  downFor: number;
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

async function triggerOf(api: Api, options: SignOptions): Promise<Trigger> {
  const { every, daily, whenBack, whenDown, downFor } = options;
  const given = [every, daily, whenBack, whenDown].filter((one) => one !== undefined).length;
  if (given !== 1) throw new AppError('bad-request', 'name one trigger: --every, --daily, --when-back or --when-down');
  if (every !== undefined) return { type: 'interval', everyMs: every * SECOND };
  if (whenDown !== undefined)
    return { type: 'device-unreachable', device: (await targetNamed(api, whenDown)).id, forMs: downFor * SECOND };
  if (whenBack !== undefined) return { type: 'device-returned', afterMs: whenBack === true ? 0 : whenBack * SECOND };
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(daily ?? '') ?? [];
  if (hours === undefined || minutes === undefined)
    throw new AppError('bad-request', '--daily: a time of day in UTC, 03:30');
  return { type: 'daily', minuteUtc: Number(hours) * 60 + Number(minutes) };
}

async function targetNamed(api: Api, word: string) {
  const [target] = (await api.devices.targets({ devices: [await deviceNamed(api, word)] })).targets;
  if (target === undefined) throw new AppError('not-found', `no device ${word}`);
  return target;
}

const charterOf = async (api: Api, site: StandingOrder['site']): Promise<Charter> =>
  readCharter((await api.sites.charter({ id: site })).signed);

async function drafted(
  api: Api,
  devices: readonly string[],
  options: SignOptions,
  now: number,
): Promise<StandingOrder> {
  const { command, name } = options;
  if (command === undefined || name === undefined)
    throw new AppError('bad-request', 'a standing order needs --name and --command');
  if (devices.length === 0) throw new AppError('bad-request', 'name the devices it may act on');
  const { targets } = await api.devices.targets({ devices: [...devices] });
  const [first] = targets;
  if (first === undefined || targets.some(({ relayId }) => relayId !== first.relayId))
    throw new AppError('bad-request', 'a standing order stands at one relay: name devices of one relay');
  return StandingOrder.parse({
    v: 1,
    kind: 'standing',
    id: StandingId.parse(newId(now)),
    site: first.siteId,
    relay: first.relayId,
    name,
    trigger: await triggerOf(api, options),
    targets: targets.map(({ id: device, identity }) => ({ device, identity })),
    action: { name: 'command.run', arguments: { command } },
    caps: { timeoutMs: options.timeout * SECOND, outputBytes: OUTPUT_BYTES, concurrency: CONCURRENCY },
    coolDownMs: options.coolDown * SECOND,
    nbf: now,
    exp: now + options.days * DAY,
    charterVersion: (await charterOf(api, first.siteId)).version,
    reason: options.reason,
  });
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

export async function shownText(api: Api, order: StandingOrder): Promise<string> {
  const watched = order.trigger.type === 'device-unreachable' ? [order.trigger.device] : [];
  const devices = [...order.targets.map(({ device }) => device), ...watched];
  const { targets } = await api.devices.targets({ devices });
  const names = new Map<string, string>(targets.map(({ id, name }) => [id, name]));
  return plainText(order, await charterOf(api, order.site), (device) => names.get(device) ?? device);
}

const TRIGGERS = (command: Command): Command =>
  command
    .option('--every <seconds>', 'trigger: once in each span, 300 or more', wholeNumber(300, 2_592_000))
    .option('--daily <time>', 'trigger: each day at this time of UTC, such as 03:30')
    .option('--when-back [seconds]', 'trigger: a device was down and is up again, so long', wholeNumber(0, 86_400))
    .option('--when-down <device>', 'trigger: this device is down')
    .option('--down-for <seconds>', 'how long it has to be down', wholeNumber(30, 86_400), 300);

export function addStandingSign(standing: Command): void {
  act<Shown, SignOptions>(standing, 'sign [device...]', {
    summary: 'show a standing order in plain words and sign it with --yes; --id adds a signature to one that waits',
    examples: [
      "standing sign web-1 --when-back 60 --name 'start the app' --command 'systemctl start app' --yes",
      "standing sign web-1 web-2 --daily 03:30 --name 'free the cache' --command 'apt-get clean' --days 30",
      'standing sign --id 01890000-0000-7000-8000-000000000000 --yes',
    ],
    options: (command) =>
      TRIGGERS(command)
        .option('--id <id>', 'one that waits for another person')
        .option('--name <text>', 'what people call it')
        .option('--command <text>', 'what is run with /bin/sh')
        .option('--cool-down <seconds>', 'on one device not again before this', wholeNumber(60, 7_776_000), 3_600)
        .option('--days <days>', 'how long it stands', wholeNumber(1, 90), 30)
        .option('--timeout <seconds>', 'longest run on one device', wholeNumber(1, 86_400), 60)
        .option('--reason <text>', 'why, for the audit', '')
        .option('--key <file>', 'a signing key of your own instead of the one in the data folder')
        .option('--yes', 'sign it; without this it is only shown'),
    run: async ({ context: { api, data }, args, options, now }) => {
      const known = options.id === undefined ? undefined : await waiting(api, options.id);
      const order = known?.order ?? (await drafted(api, args, options, now));
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
