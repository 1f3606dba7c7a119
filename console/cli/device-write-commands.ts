// `rmm device add, update, tag, remove`: what a person changes of devices.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceDetail } from '#shared/contract/device-contract.ts';
import {
  CredentialName,
  DeviceType,
  Realm,
  ServicePrincipal,
  ShareName,
  Tag,
  TransportKind,
} from '#shared/model/device.ts';
import type { Api } from './client.ts';
import { deviceNamed, devicesNamed, listDevices, relayNamed, siteNamed } from './named.ts';
import { act, collected, wholeNumber } from './verb.ts';

interface ReachOptions {
  relay?: string;
  address?: string;
  transport?: string;
  port?: number;
  credential?: string;
  spn?: string;
  realm?: string;
  share?: string;
  interval?: number;
  type?: string;
  notes?: string;
}

const reach = (command: Command): Command =>
  command
    .option('--transport <kind>', `${TransportKind.options.join(', ')}; winrm without a port begins with TLS`)
    .option('--port <port>', 'its port', wholeNumber(1, 65_535))
    .option('--credential <name>', 'name of a credential the relay holds')
    .option('--spn <principal>', 'over winrm, for Kerberos: such as HTTP/fs-1.example.test; "none" takes it away')
    .option(
      '--realm <realm>',
      'over winrm, for Kerberos, where the relay lists it: such as EXAMPLE.TEST; "none" takes it away',
    )
    .option('--share <share>', 'over smb: where jobs are left, such as rmm$; "none" takes it away')
    .option('--interval <seconds>', 'time between polls', wholeNumber(5, 86_400))
    .option('--type <type>', `${DeviceType.options.join(', ')}; "facts" to let its facts decide`)
    .option('--notes <text>', 'what people should know');

/** A word of the command line, parsed; the error names the option. */
function parsed<T>(
  option: string,
  schema: { safeParse: (value: unknown) => { success: boolean; data?: T | undefined } },
  value: string,
): T {
  const { data } = schema.safeParse(value);
  if (data === undefined) throw new AppError('bad-request', `${option} ${value}: not understood`);
  return data;
}

/** "none" is said where the site's default, or what stands there, shall not hold. */
const orNone = <T>(option: string, schema: Parameters<typeof parsed<T>>[1], value: string): T | null =>
  value === 'none' ? null : parsed(option, schema, value);

function reachOf(options: ReachOptions) {
  const { transport, port, credential, spn, realm, share, interval, notes } = options;
  return {
    ...(transport === undefined ? {} : { transport: parsed('--transport', TransportKind, transport) }),
    ...(port === undefined ? {} : { port }),
    ...(credential === undefined ? {} : { credential: parsed('--credential', CredentialName, credential) }),
    ...(spn === undefined ? {} : { spn: orNone('--spn', ServicePrincipal, spn) }),
    ...(realm === undefined ? {} : { realm: orNone('--realm', Realm, realm) }),
    ...(share === undefined ? {} : { share: orNone('--share', ShareName, share) }),
    ...(interval === undefined ? {} : { intervalMs: interval * 1_000 }),
    ...(notes === undefined ? {} : { notes }),
  };
}

/** The relay that is named, else the one the site's defaults name, else its only one. */
async function relayFor(api: Api, options: { relay?: string; site?: string }): Promise<string> {
  if (options.relay !== undefined) return (await relayNamed(api, options.relay)).id;
  if (options.site === undefined) throw new AppError('bad-request', 'who polls it? --relay <relay> or --site <site>');
  const site = await siteNamed(api, options.site);
  if (site.defaults.relayId !== undefined) return site.defaults.relayId;
  const { items } = await api.relays.list();
  const own = items.filter((relay) => relay.siteId === site.id && !relay.isRevoked && relay.kind === 'site');
  const [only] = own;
  if (only === undefined || own.length > 1)
    throw new AppError('conflict', `site ${site.name} has ${own.length} relays: name one with --relay`);
  return only.id;
}

export function addDeviceWriteCommands(device: Command): void {
  act<DeviceDetail, ReachOptions & { address: string; site?: string; tag?: string[] }>(device, 'add <name>', {
    summary: 'have a relay watch a device; what is not said is as the defaults of its site say',
    examples: [
      'device add web-1 --site Warehouse --address 10.0.0.5',
      'device add web-1 --relay fra-1 --address 10.0.0.5 --credential lan --tag web',
      'device add fs-1 --site Warehouse --address fs-1.example.test --transport winrm --credential windows --realm EXAMPLE.TEST',
      'device add till-1 --site Warehouse --address 10.0.0.60 --transport smb --share rmm$ --credential windows',
    ],
    options: (command) =>
      reach(
        command
          .requiredOption('--address <host>', 'host name or address')
          .option('--site <site>', 'its site: the relay is the site’s')
          .option('--relay <relay>', 'relay that polls it'),
      ).option('--tag <tag>', 'a tag, as often as you like', collected),
    run: async ({ context: { api }, args: [name = ''], options }) =>
      api.devices.create({
        relayId: await relayFor(api, options),
        name,
        address: options.address,
        ...reachOf(options),
        ...(options.type === undefined ? {} : { type: parsed('--type', DeviceType, options.type) }),
        ...(options.tag === undefined ? {} : { tags: options.tag.map((tag) => parsed('--tag', Tag, tag)) }),
      }),
    text: (made) => `added ${made.name} (${made.id})`,
  });
  act<DeviceDetail, ReachOptions & { name?: string }>(device, 'update <device>', {
    summary: 'change how a device is reached, or what is noted of it',
    examples: ['device update web-1 --address 10.0.0.6', 'device update web-1 --name web-old --notes "leaves in May"'],
    options: (command) =>
      reach(
        command
          .option('--name <name>', 'new name')
          .option('--address <host>', 'host name or address')
          .option('--relay <relay>', 'another relay of the same site'),
      ),
    run: async ({ context: { api }, args: [word = ''], options }) => {
      const { name, address, relay, type } = options;
      return api.devices.update({
        id: await deviceNamed(api, word),
        ...reachOf(options),
        ...(name === undefined ? {} : { name }),
        ...(address === undefined ? {} : { address }),
        ...(relay === undefined ? {} : { relayId: (await relayNamed(api, relay)).id }),
        ...(type === undefined ? {} : { type: type === 'facts' ? null : parsed('--type', DeviceType, type) }),
      });
    },
    text: (one) => `changed ${one.name}`,
  });
  addRemove(device);
}

/** As many as the API takes at once. */
const MAX_REMOVED = 1_000;

function addRemove(device: Command): void {
  act<{ devices: string[]; removed?: number }, { filter?: string; yes?: number }>(device, 'remove [devices...]', {
    summary: 'forget devices: with several or a filter, the number must be typed',
    examples: [
      'device remove web-1',
      'device remove --filter tag:retired            # shows them',
      'device remove --filter tag:retired --yes 12',
    ],
    options: (command) =>
      command
        .option('--filter <filter>', 'every device that fits')
        .option('--yes <count>', 'do it: how many devices go', wholeNumber(1, MAX_REMOVED)),
    run: async ({ context: { api }, args, options: { filter, yes } }) => {
      const found =
        filter === undefined ? [] : (await listDevices(api, { q: filter, names: 'none' }, MAX_REMOVED + 1)).devices;
      const ids = [...new Set([...(await devicesNamed(api, args)), ...found.map((one) => one.id)])];
      if (ids.length === 0) throw new AppError('not-found', 'no device is named and none fits');
      if (ids.length > MAX_REMOVED) throw new AppError('too-large', `at most ${MAX_REMOVED} devices at once`);
      const isClear = ids.length === 1 && filter === undefined;
      if (!isClear && yes === undefined) return { devices: ids };
      if (yes !== undefined && yes !== ids.length)
        throw new AppError('conflict', `${ids.length} devices would go, not ${yes}`);
      return { devices: ids, ...(await api.devices.removeMany({ devices: ids })) };
    },
    text: ({ devices, removed }) =>
      removed === undefined
        ? `${devices.length} devices would be forgotten; do it with --yes ${devices.length}`
        : `forgot ${removed} ${removed === 1 ? 'device' : 'devices'}`,
  });
}
