// Proves the eight groups that come with the product on facts of each system, and that they come once.
import { expect, test } from 'vitest';
import { newId } from '#shared/base/id.ts';
import { deviceNo, emptyFleet, tellFacts } from '#test/fixtures/fleet-kit.ts';
import { makeEstate } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { DEFAULT_GROUPS, shipDefaultGroups } from './default-groups.ts';
import { GroupMembers } from './group-members.ts';
import { planGroups } from './group-plan.ts';

const records = DEFAULT_GROUPS.map(({ name, rule, parent }) => ({
  id: name,
  name,
  kind: 'rule' as const,
  rule,
  parentId: parent ?? null,
}));

const services = (...names: string[]) => ({
  services: { services: names.map((name) => ({ name, active: 'active' })) },
});
const linux = (...names: string[]) => ({
  os: { family: 'linux', id: 'debian', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
  ...services(...names),
});
// Composed, not captured: no collector reads Windows yet. Members and service names are those of Windows.
const windows = (prettyName: string, ...names: string[]) => ({
  os: { family: 'windows', name: 'Microsoft Windows', prettyName },
  ...services('LanmanServer', 'Dnscache', ...names),
});
const SERVER_2022 = 'Microsoft Windows Server 2022 Standard';
const WINDOWS_11 = 'Microsoft Windows 11 Pro';
const RACK = { hardware: { chassisType: 23 } };
const DESKTOP = { hardware: { chassisType: 3 } };
const NOTEBOOK = { hardware: { chassisType: 10 } };
const KVM = { hardware: { chassisType: 1, hypervisor: 'KVM' } };
const HYPER_V = { hardware: { chassisType: 3, vendor: 'Microsoft Corporation', product: 'Virtual Machine' } };

function groupsOf(facts: Readonly<Record<string, unknown>>, system: string): string[] {
  const rows = emptyFleet();
  const { row } = rows.write(deviceNo(1, { system }));
  tellFacts(rows, row, facts);
  const members = new GroupMembers(rows);
  members.replace(records);
  members.refresh([row], 'all', 0, () => undefined);
  return members
    .groupsOf(row)
    .map(({ name }) => name)
    .toSorted((a, b) => (a < b ? -1 : 1));
}

test.each<[string, Readonly<Record<string, unknown>>, string, string[]]>([
  ['a Linux server in a rack', { ...RACK, ...linux('ssh') }, 'linux', ['Servers']],
  ['a Linux guest with nginx', { ...KVM, ...linux('nginx') }, 'linux', ['Servers', 'Web servers']],
  ['a Linux guest with Apache of Red Hat', { ...KVM, ...linux('httpd') }, 'linux', ['Servers', 'Web servers']],
  ['a Linux guest with PostgreSQL', { ...KVM, ...linux('postgresql@15-main') }, 'linux', ['SQL servers', 'Servers']],
  ['a Linux server with MariaDB', { ...RACK, ...linux('mariadb') }, 'linux', ['SQL servers', 'Servers']],
  [
    'a Linux server with Samba and NFS',
    { ...RACK, ...linux('smbd', 'nfs-server') },
    'linux',
    ['File servers', 'Servers'],
  ],
  ['a Samba domain controller', { ...KVM, ...linux('samba-ad-dc') }, 'linux', ['Domain controllers', 'Servers']],
  ['a FreeBSD guest', { ...KVM, os: { family: 'freebsd', prettyName: 'FreeBSD 14.1' } }, 'freebsd', ['Servers']],
  ['a Linux container', { hardware: { hypervisor: 'lxc' }, ...linux('apache2') }, 'linux', ['Servers', 'Web servers']],
  ['a Linux guest with a desktop', { ...KVM, ...linux('gdm', 'nginx') }, 'linux', ['Workstations']],
  ['a Linux desktop', { ...DESKTOP, ...linux('postgresql') }, 'linux', ['Desktops', 'Workstations']],
  ['a Linux notebook', { ...NOTEBOOK, ...linux() }, 'linux', ['Laptops', 'Workstations']],
  [
    'a MacBook',
    { hardware: { vendor: 'Apple Inc.', product: 'MacBookPro18,3' } },
    'macos',
    ['Laptops', 'Workstations'],
  ],
  [
    'a Windows domain controller',
    { ...RACK, ...windows(SERVER_2022, 'NTDS') },
    'unknown',
    ['Domain controllers', 'File servers', 'Servers'],
  ],
  [
    'a Windows SQL server, named instance',
    { ...HYPER_V, ...windows(SERVER_2022, 'MSSQL$ERP') },
    'unknown',
    ['File servers', 'SQL servers', 'Servers'],
  ],
  [
    'a Windows SQL server on a tower',
    { ...DESKTOP, ...windows(SERVER_2022, 'MSSQLSERVER') },
    'unknown',
    ['File servers', 'SQL servers', 'Servers'],
  ],
  [
    'a Windows web server',
    { ...HYPER_V, ...windows(SERVER_2022, 'W3SVC') },
    'unknown',
    ['File servers', 'Servers', 'Web servers'],
  ],
  [
    'a Windows desktop, which shares files too',
    { ...DESKTOP, ...windows(WINDOWS_11) },
    'unknown',
    ['Desktops', 'Workstations'],
  ],
  ['a Windows notebook', { ...NOTEBOOK, ...windows(WINDOWS_11) }, 'unknown', ['Laptops', 'Workstations']],
  ['a Windows guest with a desktop', { ...HYPER_V, ...windows(WINDOWS_11) }, 'unknown', ['Workstations']],
  ['a device of which nothing is known', {}, 'unknown', []],
])('%s', (_name, facts, system, groups) => {
  expect(groupsOf(facts, system)).toEqual(groups);
});

test('every rule reads, and none moves by itself', () => {
  expect(planGroups(records).filter(({ fault, isLive }) => fault !== null || isLive)).toEqual([]);
});

test('they are made once: what a person removes or made before stays so', async () => {
  const { store, random } = await makeEstate(sqliteEngine);
  const own = newId(1, random);
  await store.db
    .insertInto('device_group')
    .values({
      id: own,
      name: 'Servers',
      description: 'ours',
      kind: 'hand',
      rule: null,
      parent_id: null,
      is_shipped: 0,
      created_at: 1,
    })
    .execute();
  const ship = () => store.transaction((tx) => shipDefaultGroups(tx, 5, random));
  const groups = () => store.db.selectFrom('device_group').select(['name', 'description', 'parent_id']).execute();
  await ship();
  expect(await groups()).toHaveLength(8);
  expect(await groups()).toContainEqual({ name: 'Servers', description: 'ours', parent_id: null });
  expect(await groups()).toContainEqual(expect.objectContaining({ name: 'SQL servers', parent_id: own }));
  await store.db.deleteFrom('device_group').where('name', '=', 'Laptops').execute();
  await ship();
  expect(await groups()).toHaveLength(7);
});
