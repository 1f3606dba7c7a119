// The inventory of this very machine equals what its own tools say, under every shell.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Fact } from '#relay/collect/collector.ts';
import { systemRandom } from '#shared/base/id.ts';
import { shellSession } from '#test/fixtures/shell-session.ts';
import { isThrowawayName } from '#test/peers/throwaway-user.ts';
import { linuxColdScript } from './cold-script.ts';
import { linuxCollector } from './linux-collector.ts';

const SHELLS = [
  ['dash', '-s'],
  ['bash', '-s'],
  ['busybox', 'sh', '-s'],
  ['mksh', '-s'],
];
const tool = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' });

async function inventory(argv?: readonly string[]): Promise<readonly Fact[]> {
  const outcome = await linuxCollector(systemRandom).collectCold(shellSession(argv), new AbortController().signal);
  if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.detail}`);
  return outcome.value.facts;
}

const Users = z.array(z.looseObject({ name: z.string() }));

/** Without the logins that other tests add and remove meanwhile. */
const lastingUsers = (body: Fact['body'] | undefined) =>
  Users.parse(body?.['users']).filter(({ name }) => !isThrowawayName(name));

/** Without those of services that other tests run meanwhile. */
const inFiles = (body: Fact['body'] | undefined) =>
  z
    .array(z.looseObject({ place: z.string() }))
    .parse(body?.['certificates'])
    .filter(({ place }) => place.startsWith('/'));

let facts = new Map<string, Fact['body']>();
beforeAll(async () => {
  facts = new Map((await inventory()).map(({ kind, body }) => [kind, body]));
});

test('processor and memory equal lscpu and /proc/meminfo', () => {
  const fields = z
    .object({ lscpu: z.array(z.object({ field: z.string(), data: z.string().nullable() })) })
    .parse(JSON.parse(tool('lscpu', '-J')));
  const lscpu = new Map(fields.lscpu.map(({ field, data }) => [field.replace(/:$/, ''), data]));
  const sockets = Number(lscpu.get('Socket(s)'));
  expect(facts.get('hardware')).toMatchObject({
    cpuModel: lscpu.get('Model name'),
    cpuThreads: Number(lscpu.get('CPU(s)')),
    cpuSockets: sockets,
    cpuCores: Number(lscpu.get('Core(s) per socket')) * sockets,
    hypervisor: lscpu.get('Hypervisor vendor') ?? null,
    memoryBytes: Number(/^MemTotal: +(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1_024,
  });
});

test('disks and partitions equal lsblk', () => {
  const Device = z.object({
    name: z.string(),
    type: z.string(),
    size: z.number(),
    rota: z.boolean(),
    ro: z.boolean(),
    rm: z.boolean(),
    model: z.string().nullable(),
    serial: z.string().nullable(),
    children: z.array(z.object({ name: z.string(), type: z.string(), size: z.number() })).optional(),
  });
  const text = tool('lsblk', '-J', '-b', '-o', 'NAME,TYPE,SIZE,ROTA,RO,RM,MODEL,SERIAL');
  const { blockdevices } = z.object({ blockdevices: z.array(Device) }).parse(JSON.parse(text));
  const expected = blockdevices
    .filter(({ type, size, name }) => type === 'disk' && size > 0 && !name.startsWith('zram'))
    .map(({ name, size, rota, ro, rm, model, serial, children }) => ({
      name,
      sizeBytes: size,
      model: model?.trim() ?? null,
      serial: serial?.trim() ?? null,
      isRotational: rota,
      isReadOnly: ro,
      isRemovable: rm,
      partitions: (children ?? [])
        .filter(({ type }) => type === 'part')
        .map((part) => ({ name: part.name, sizeBytes: part.size })),
    }));
  expect(expected.length).toBeGreaterThan(0);
  expect(facts.get('disks')?.['disks']).toMatchObject(expected);
});

test('interfaces and addresses equal ip', () => {
  const Link = z.object({
    ifname: z.string(),
    mtu: z.number(),
    address: z.string().optional(),
    operstate: z.string(),
    addr_info: z.array(z.object({ local: z.string(), prefixlen: z.number(), temporary: z.boolean().optional() })),
  });
  const links = z.array(Link).parse(JSON.parse(tool('ip', '-j', 'addr')));
  const expected = links
    .filter(({ ifname }) => !/^(lo$|veth|ifb|dummy|cali|lxc)/.test(ifname))
    .map(({ ifname, mtu, address, addr_info }) => ({
      name: ifname,
      mac: address ?? null,
      mtu,
      addresses: addr_info
        .filter(({ temporary }) => temporary !== true)
        .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
        .sort(),
    }));
  expect(expected.length).toBeGreaterThan(0);
  expect(facts.get('network')?.['interfaces']).toMatchObject(expected.sort((a, b) => (a.name < b.name ? -1 : 1)));
});

test('packages equal dpkg-query, each of them', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's
  const installed = tool('dpkg-query', '-W', '-f', '${db:Status-Abbrev} ${Package} ${Version} ${Architecture}\\n')
    .split('\n')
    .filter((line) => line.startsWith('ii'))
    .map((line) => line.slice(4));
  const Packages = z.array(z.object({ name: z.string(), version: z.string(), arch: z.string() }));
  const ours = Packages.parse(facts.get('packages')?.['packages']);
  expect(ours.map(({ name, version, arch }) => `${name} ${version} ${arch}`).sort()).toEqual(installed.sort());
});

test('system and users equal uname and passwd', () => {
  expect(facts.get('os')).toMatchObject({
    kernel: tool('uname', '-r').trim(),
    architecture: tool('uname', '-m').trim(),
    hostname: tool('uname', '-n').trim(),
  });
  const names = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !/(nologin|false|sync|halt|shutdown)$/.test(line))
    .map((line) => line.split(':')[0] ?? '')
    .filter((name) => !isThrowawayName(name));
  expect(lastingUsers(facts.get('users'))).toMatchObject(names.sort().map((name) => ({ name })));
});

test('every shell tells the same facts', async () => {
  const told = [];
  for (const shell of SHELLS) {
    // Other programs of this machine open and close ports meanwhile, and ask what there is to install.
    const lasting = (await inventory(shell)).filter(({ kind }) => kind !== 'ports' && kind !== 'updates');
    told.push(
      lasting.map((fact) => {
        if (fact.kind === 'users') return { ...fact, body: { users: lastingUsers(fact.body) } };
        return fact.kind === 'certificates' ? { ...fact, body: { certificates: inFiles(fact.body) } } : fact;
      }),
    );
  }
  for (const [i, facts] of told.entries()) expect(facts, SHELLS[i]?.join(' ')).toStrictEqual(told[0]);
});

test('what waits equals what apt says, and the last installation is the newest list of files', () => {
  const waits = tool('apt-get', '-s', '-o', 'Debug::NoLocking=1', 'dist-upgrade')
    .split('\n')
    .flatMap((line) => /^Inst (\S+) \[\S+\] \((\S+)/.exec(line)?.slice(1, 3).join(' ') ?? []);
  const Updates = z.object({ pending: z.array(z.object({ title: z.string() })), lastInstallAt: z.int() });
  const { pending, lastInstallAt } = Updates.parse(facts.get('updates'));
  expect(pending.map(({ title }) => title)).toEqual(waits.sort());
  const times = readdirSync('/var/lib/dpkg/info').map((name) => statSync(`/var/lib/dpkg/info/${name}`).mtimeMs);
  expect(Math.max(...times) - lastInstallAt).toBeLessThan(60_000);
});

test('shellcheck has nothing to say', () => {
  expect(execFileSync('shellcheck', ['-s', 'sh', '-'], { input: linuxColdScript('0f'), encoding: 'utf8' })).toBe('');
});
