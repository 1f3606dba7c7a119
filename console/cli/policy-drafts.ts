// `rmm policy layer, window, route`: drafts a part, or changes the one of that name. Nothing of it counts before it is signed.
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, LayerId, SiteId } from '#shared/base/id.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import { PRESENCES, SEVERITIES } from '#shared/model/alert-words.ts';
import { Check, CheckId, Limits } from '#shared/model/check.ts';
import { HealthBounds } from '#shared/model/health.ts';
import { PartWish, type WatchPart } from '#shared/model/watch-part.ts';
import { LAYER_LEVELS, type WatchSettings } from '#shared/model/watch-policy.ts';
import type { Api } from './client.ts';
import { customerNamed, devicesNamed, groupNamed, siteNamed } from './named.ts';
import { act, collected, wholeNumber } from './verb.ts';

type PartNamed = (api: Api, word: string) => Promise<WatchPart>;
type Kind = WatchPart['kind'];

interface Drafted {
  id: string;
  isNew: boolean;
}

interface DraftOptions {
  customer?: string;
}

/** Undefined where nothing of that name is drafted. */
async function former<K extends Kind>(api: Api, kind: K, word: string, named: PartNamed) {
  const part = await named(api, word).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not-found') return undefined;
    throw error;
  });
  if (part !== undefined && part.kind !== kind)
    throw new AppError('conflict', `${word}: is a ${part.kind}, no ${kind}; give it another name`);
  return part as Extract<WatchPart, { kind: K }> | undefined; // of this kind, by the line above
}

async function put(api: Api, known: WatchPart | undefined, wish: unknown, options: DraftOptions): Promise<Drafted> {
  const part = PartWish.safeParse(wish);
  if (!part.success) throw new AppError('bad-request', z.prettifyError(part.error));
  if (known !== undefined) {
    await api.policies.update({ id: known.body.id, changedAt: known.changedAt, part: part.data });
    return { id: known.body.id, isNew: false };
  }
  const customerId = options.customer === undefined ? null : (await customerNamed(api, options.customer)).id;
  const { id } = await api.policies.create({ customerId, part: part.data });
  return { id, isNew: true };
}

const draftedText = ({ id, isNew }: Drafted) =>
  `${isNew ? 'drafted' : 'changed'} ${id}; nothing counts before it is signed: rmm policy plan, rmm policy sign`;

const forCustomer = (command: Command): Command =>
  command.option('--customer <customer>', 'of a new one: for this customer alone; else for every one');

interface LayerOptions extends DraftOptions {
  level?: string;
  at?: string[];
  except?: string[];
  priority?: number;
  enforce?: boolean;
  limit?: string[];
  off?: string[];
  inherit?: string[];
  checks?: string;
  presence?: string;
  health?: string;
}

async function placesOf(api: Api, level: string, words: readonly string[]): Promise<string[]> {
  if (level === 'device') return devicesNamed(api, words);
  const one = level === 'site' ? siteNamed : groupNamed;
  return Promise.all(words.map(async (word) => (await one(api, word)).id));
}

/** "cpu.used=high:80,critical:95": the shipped check, or the layer's own, with other limits. */
function limited(text: string, own: ReadonlyMap<string, Check>): Check {
  const [id = '', rest = ''] = text.split('=');
  const known = own.get(id) ?? SHIPPED_CHECKS.find((check) => check.id === id);
  if (known === undefined)
    throw new AppError('bad-request', `--limit ${text}: no check ${id}; write it in a file for --checks`);
  if (!('limits' in known.when)) throw new AppError('bad-request', `--limit ${text}: check ${id} has no limits`);
  const pairs = rest.split(',').map((pair) => pair.split(':'));
  const limits = Limits.safeParse(Object.fromEntries(pairs.map(([severity, value]) => [severity, Number(value)])));
  if (!limits.success || pairs.length === 0)
    throw new AppError(
      'bad-request',
      `--limit ${text}: write ${id}=high:80,critical:95; severities are ${SEVERITIES.join(', ')}`,
    );
  return { ...known, when: { ...known.when, limits: limits.data } };
}

function checksIn(file: string): Check[] {
  const parsed = z.array(Check).safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new AppError('bad-request', `${file}: ${z.prettifyError(parsed.error)}`);
}

function boundsIn(text: string): HealthBounds | undefined {
  if (text === 'inherit') return undefined;
  const [good, fair, more] = text.split('/').map(Number);
  const bounds = HealthBounds.safeParse({ good, fair });
  if (bounds.success && more === undefined) return bounds.data;
  throw new AppError('bad-request', `--health: two numbers such as 80/60, the first the larger; "${text}" is not`);
}

function settingsOf(before: WatchSettings, options: LayerOptions): WatchSettings {
  const own = new Map((before.checks ?? []).map((check) => [check.id as string, check]));
  const off = new Set<string>(before.off ?? []);
  for (const check of options.checks === undefined ? [] : checksIn(options.checks)) own.set(check.id, check);
  for (const text of options.limit ?? []) {
    const check = limited(text, own);
    own.set(check.id, check);
    off.delete(check.id);
  }
  for (const id of options.off ?? []) {
    own.delete(id);
    off.add(CheckId.parse(id));
  }
  for (const id of options.inherit ?? []) {
    own.delete(id);
    off.delete(id);
  }
  const health = options.health === undefined ? before.health : boundsIn(options.health);
  const presence = options.presence === undefined ? before.presence : options.presence;
  return {
    ...(own.size === 0 ? {} : { checks: [...own.values()] }),
    ...(off.size === 0 ? {} : { off: [...off] }),
    ...(health === undefined ? {} : { health }),
    // Checked with the whole part.
    ...(presence === undefined || presence === 'inherit' ? {} : { presence: presence as (typeof PRESENCES)[number] }),
  };
}

function addLayer(policy: Command, named: PartNamed): void {
  act<Drafted, LayerOptions>(policy, 'layer <name>', {
    summary: 'draft a layer of checks, or change what is given of the one of that name',
    examples: [
      'policy layer servers --level group --at Servers --limit cpu.used=high:85,critical:97 --off latency',
      'policy layer servers --presence always-on --priority 10 --enforce',
      'policy layer extra --level site --at Berlin --checks checks.json',
    ],
    options: (command) =>
      forCustomer(command)
        .option('--level <level>', `of a new one: ${LAYER_LEVELS.join(', ')}`)
        .option(
          '--at <place>',
          'a site, group or device where it stands; again for another; all are given anew',
          collected,
        )
        .option('--except <device>', 'a device that it passes over; again for another; all are given anew', collected)
        .option('--priority <n>', 'among layers of one level the higher wins', wholeNumber(0, 1_000))
        .option('--enforce', 'later levels cannot change what it says')
        .option('--no-enforce', 'they can')
        .option(
          '--limit <check=limits>',
          'a check with limits of its own, such as cpu.used=high:80,critical:95',
          collected,
        )
        .option('--off <check>', 'a check that does not apply here', collected)
        .option('--inherit <check>', 'say nothing of this check any more', collected)
        .option('--checks <file>', 'whole checks, a JSON list')
        .option('--health <good/fair>', 'from how many points on a device is well, and fair: 80/60, or inherit')
        .option('--presence <presence>', `${PRESENCES.join(', ')} or inherit`),
    run: async ({ context: { api }, args: [name = ''], options }) => {
      const known = await former(api, 'layer', name, named);
      const level = known?.body.level ?? options.level ?? 'customer';
      const { id: _, ...before } = known?.body ?? {
        id: '',
        priority: 0,
        isEnforced: false,
        except: undefined,
        settings: {},
      };
      const except = options.except === undefined ? before.except : await devicesNamed(api, options.except);
      const body = {
        ...{ ...before, name, level },
        ...(except === undefined ? {} : { except }),
        ...(options.priority === undefined ? {} : { priority: options.priority }),
        ...(options.enforce === undefined ? {} : { isEnforced: options.enforce }),
        settings: settingsOf(before.settings, options),
      };
      const places = options.at === undefined ? (known?.places ?? []) : await placesOf(api, level, options.at);
      return put(api, known, { kind: 'layer', body, places }, options);
    },
    text: draftedText,
  });
}

interface WindowOptions extends DraftOptions {
  starts: string;
  zone: string;
  minutes: number;
  rule?: string;
  site?: string[];
  layer?: string[];
  device?: string[];
  check?: string[];
}

function addWindow(policy: Command, named: PartNamed): void {
  act<Drafted, WindowOptions>(policy, 'window <name>', {
    summary: 'draft a maintenance window, or write the one of that name anew',
    examples: [
      "policy window patches --starts 2026-11-24T22:00:00 --zone Europe/Berlin --minutes 120 --rule 'FREQ=MONTHLY;BYDAY=2TU'",
      'policy window move --starts 2026-12-01T08:00:00 --zone UTC --minutes 600 --site Berlin --check device.down',
    ],
    options: (command) =>
      forCustomer(command)
        .requiredOption('--starts <time>', 'first begin, wall time: 2026-11-22T22:00:00')
        .requiredOption('--zone <zone>', 'whose wall: Europe/Berlin')
        .requiredOption('--minutes <n>', 'how long', wholeNumber(1, 43_200))
        .option('--rule <rrule>', 'how it repeats, RFC 5545: FREQ=WEEKLY;BYDAY=SU; once where none is given')
        .option('--site <site>', 'of this site; again for another', collected)
        .option('--layer <layer>', 'of members of this layer; again for another', collected)
        .option('--device <device>', 'of this device; again for another', collected)
        .option('--check <check>', 'this check alone; again for another', collected),
    run: async ({ context: { api }, args: [name = ''], options }) => {
      const known = await former(api, 'window', name, named);
      const { starts: startsAt, zone, minutes, rule, check: checks } = options;
      const layers = await ids(options.layer, async (word) => LayerId.parse((await named(api, word)).body.id));
      const sites = await ids(options.site, async (word) => SiteId.parse((await siteNamed(api, word)).id));
      const devices =
        options.device === undefined
          ? undefined
          : (await devicesNamed(api, options.device)).map((id) => DeviceId.parse(id));
      const some = Object.entries({ rule, sites, layers, devices, checks }).filter(([, value]) => value !== undefined);
      const body = { name, startsAt, zone, durationMs: minutes * 60_000, ...Object.fromEntries(some) };
      return put(api, known, { kind: 'window', body }, options);
    },
    text: draftedText,
  });
}

const ids = async <T>(
  words: readonly string[] | undefined,
  idOf: (word: string) => Promise<T>,
): Promise<T[] | undefined> => (words === undefined ? undefined : Promise.all(words.map(idOf)));

interface RouteOptions extends DraftOptions {
  host: string;
  port: number;
  security: string;
  from: string;
  to: string[];
  credential?: string;
  atLeast: string;
  after: number;
  site?: string[];
}

function addRoute(policy: Command, named: PartNamed): void {
  act<Drafted, RouteOptions>(policy, 'route <name>', {
    summary: 'draft whom relays mail by themselves while the console is away, or write the one of that name anew',
    examples: [
      'policy route night --host mail.example --port 587 --from relay@site.example --to oncall@site.example --credential smtp',
    ],
    options: (command) =>
      forCustomer(command)
        .requiredOption('--host <name>', 'the mail server, as the relay reaches it')
        .option('--port <port>', 'its port', wholeNumber(1, 65_535), 587)
        .option('--security <kind>', 'tls, starttls or none', 'starttls')
        .requiredOption('--from <address>', 'who writes')
        .requiredOption('--to <address>', 'who is told; again for another', collected)
        .option('--credential <name>', 'a sealed login of the relay')
        .option('--at-least <severity>', SEVERITIES.join(', '), 'critical')
        .option('--after <seconds>', 'the console must be away for so long', wholeNumber(0, 86_400), 300)
        .option('--site <site>', 'at this site alone; again for another', collected),
    run: async ({ context: { api }, args: [name = ''], options }) => {
      const known = await former(api, 'route', name, named);
      const { host, port, security, from, to, credential } = options;
      const sites = await ids(options.site, async (word) => (await siteNamed(api, word)).id);
      const mail = { host, port, security, from, to, ...(credential === undefined ? {} : { credential }) };
      const body = {
        name,
        atLeast: options.atLeast,
        afterMs: options.after * 1_000,
        mail,
        ...(sites === undefined ? {} : { sites }),
      };
      return put(api, known, { kind: 'route', body }, options);
    },
    text: draftedText,
  });
}

export function addPolicyDrafts(policy: Command, named: PartNamed): void {
  addLayer(policy, named);
  addWindow(policy, named);
  addRoute(policy, named);
}
