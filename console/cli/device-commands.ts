// `rmm devices` and `rmm device ...`: the fleet, one device, adding and forgetting.
import type { Command } from 'commander';
import { RelayId } from '#shared/base/id.ts';
import type { DeviceDetail, DeviceSummary } from '#shared/contract/device-contract.ts';
import type { Api } from './client.ts';
import { contextOf, withConnection } from './command-context.ts';
import { age, print, reading, table } from './output.ts';

export async function allDevices(api: Api): Promise<DeviceSummary[]> {
  const devices: DeviceSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.devices.list(cursor === undefined ? { limit: 1_000 } : { limit: 1_000, cursor });
    devices.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return devices;
}

function latest(device: DeviceSummary, name: string): string {
  const found = device.latest.filter((r) => r.name === name);
  if (found.length === 0) return '-';
  const worst = found.reduce((a, b) => ((b.value ?? -1) > (a.value ?? -1) ? b : a));
  return reading(worst.value, worst.unit);
}

const shownName = (device: DeviceSummary) => (device.isSimulated ? `${device.name} (simulated)` : device.name);

function fleetTable(devices: readonly DeviceSummary[], now: number): string {
  return table(
    ['NAME', 'STATUS', 'SITE', 'ADDRESS', 'CPU', 'MEMORY', 'DISK', 'POLLED'],
    devices.map((d) => [
      shownName(d),
      d.statusReason === null ? d.status : `${d.status} (${d.statusReason})`,
      d.siteName,
      d.address,
      latest(d, 'cpu.used_ratio'),
      latest(d, 'memory.used_ratio'),
      latest(d, 'filesystem.used_ratio'),
      age(d.polledAt, now),
    ]),
  );
}

function deviceText(device: DeviceDetail, now: number): string {
  const rows = [
    ['id', device.id],
    ['name', shownName(device)],
    ['status', `${device.status}${device.statusDetail === null ? '' : `: ${device.statusDetail}`}`],
    ['site', device.siteName],
    ['address', `${device.transport}://${device.address}${device.port === null ? '' : `:${device.port}`}`],
    ['system', device.system],
    ['hostname', device.hostname ?? '-'],
    ['machine-id', device.identity?.machineId ?? '-'],
    ['polled', age(device.polledAt, now)],
    ...device.latest.map((r) => [r.instance === '' ? r.name : `${r.name} ${r.instance}`, reading(r.value, r.unit)]),
  ];
  return table(['', ''], rows).trimStart();
}

/** The one device of this id or exact name; a name that several have is an error that lists their ids. */
export async function findDevice(api: Api, nameOrId: string): Promise<string> {
  const { targets } = await api.devices.targets({ devices: [nameOrId] });
  return targets[0]?.id ?? nameOrId;
}

/** Gives `rmm device`, for verbs of other files. */
export function addDeviceCommands(program: Command): Command {
  withConnection(program.command('devices').description('list every device with its latest readings')).action(
    async (_options, command: Command) => {
      const { api, output, clock } = await contextOf(command);
      const devices = await allDevices(api);
      print(output, devices, () => fleetTable(devices, clock.now()));
    },
  );

  const device = program.command('device').description('one device');
  withConnection(device.command('show <device>').description('facts and latest readings of a device')).action(
    async (name: string, _options, command: Command) => {
      const { api, output, clock } = await contextOf(command);
      const id = await findDevice(api, name);
      const [found, { facts }, { events }] = await Promise.all([
        api.devices.show({ id }),
        api.devices.facts({ id }),
        api.devices.events({ id, limit: 20 }),
      ]);
      print(output, { ...found, facts, events }, () => deviceText(found, clock.now()));
    },
  );
  addWriteCommands(device);
  return device;
}

interface AddOptions {
  relay: string;
  address: string;
  port?: string;
  credential?: string;
  interval: string;
}

function addWriteCommands(device: Command): void {
  withConnection(
    device
      .command('add <name>')
      .description('have a relay watch a device over SSH')
      .requiredOption('--relay <id>', 'relay that polls it (see `rmm relays`)')
      .requiredOption('--address <host>', 'host name or address')
      .option('--port <port>', 'SSH port', '22')
      .requiredOption('--credential <name>', 'name of a credential the relay holds')
      .option('--interval <seconds>', 'time between polls', '60'),
  ).action(async (name: string, options: AddOptions, command: Command) => {
    const { api, output } = await contextOf(command);
    const made = await api.devices.create({
      relayId: RelayId.parse(options.relay),
      name,
      transport: 'ssh',
      address: options.address,
      port: Number(options.port),
      ...(options.credential === undefined ? {} : { credential: options.credential }),
      intervalMs: Number(options.interval) * 1_000,
    });
    print(output, made, () => `added ${made.name} (${made.id})`);
  });

  withConnection(device.command('remove <device>').description('forget a device')).action(
    async (name: string, _options, command: Command) => {
      const { api, output } = await contextOf(command);
      const id = await findDevice(api, name);
      await api.devices.remove({ id });
      print(output, { removed: id }, () => `removed ${id}`);
    },
  );
}
