// The inventory of a Windows machine: each of 33 classes, the same over CIM and by script, and what is refused is unknown, never empty.
import { expect, test } from 'vitest';
import type { Fact } from '#relay/collect/collector.ts';
import { factRecord } from '#relay/poll/fact-record.ts';
import type { Session } from '#relay/transport/transport.ts';
import { DeviceId } from '#shared/base/id.ts';
import { type FailureReason, fail } from '#shared/base/outcome.ts';
import { FactRecord } from '#shared/model/record.ts';
import { SECURITY_CHECKS } from '#shared/model/security-scan.ts';
import { type ComposedClasses, composedCim } from '#test/fixtures/composed-cim.ts';
import { composedScriptRun, NOW, WINDOWS_SCRIPTED, WINDOWS_SERVER } from '#test/fixtures/composed-windows.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { COLD, SCRIPTED } from './cold-questions.ts';
import { HARDWARE } from './hardware-questions.ts';
import { NETWORK } from './network-questions.ts';
import { SECURITY } from './security-questions.ts';
import { SOFTWARE } from './software-questions.ts';
import { windowsCollector } from './windows-collector.ts';

type Scripted = typeof WINDOWS_SCRIPTED;

async function inventory(
  classes: ComposedClasses = WINDOWS_SERVER,
  scripted: Scripted | FailureReason = WINDOWS_SCRIPTED,
  hasCim = true,
): Promise<Map<string, Fact['body']>> {
  const session: Session = {
    identity: { macs: [] },
    system: 'windows',
    hostname: 'fs01',
    isOpen: true,
    cim: hasCim ? composedCim(classes) : undefined,
    run: typeof scripted === 'string' ? async () => fail(scripted, 'composed') : composedScriptRun(classes, scripted),
    read: async () => fail('unsupported', 'no files'),
    write: async () => fail('unsupported', 'no files'),
    close: () => undefined,
  };
  const outcome = await windowsCollector(seededBytes(3)).collectCold(session, new AbortController().signal);
  if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.detail}`);
  return new Map(outcome.value.facts.map(({ kind, body }) => [kind, body]));
}

test('every question has a name of its own, and every class an answer in the fixture', () => {
  const subjects = [HARDWARE, SOFTWARE, SECURITY, NETWORK].map((subject) => Object.keys(subject).length);
  expect(Object.keys({ ...COLD, ...SCRIPTED })).toHaveLength(
    subjects.reduce((sum, count) => sum + count, 0) + Object.keys(SCRIPTED).length,
  );
  const missing = Object.values(COLD).filter(({ from }) => WINDOWS_SERVER[from] === undefined);
  expect(missing).toEqual([]);
});

/** Class of the inventory -> the fact and the member of it that tells of it. */
const CLASSES: Readonly<Record<string, Readonly<Record<string, readonly [kind: string, member: string]>>>> = {
  hardware: {
    system: ['hardware', 'product'],
    BIOS: ['bios', 'version'],
    board: ['board', 'product'],
    CPU: ['processors', 'processors'],
    DIMMs: ['memory-modules', 'modules'],
    disks: ['disks', 'disks'],
    volumes: ['volumes', 'volumes'],
    GPU: ['gpu', 'gpus'],
    NICs: ['network', 'interfaces'],
    'USB controllers': ['usb', 'controllers'],
    monitors: ['monitors', 'monitors'],
    battery: ['battery', 'batteries'],
  },
  software: {
    OS: ['os', 'version'],
    hotfixes: ['hotfixes', 'hotfixes'],
    'installed apps': ['packages', 'packages'],
    'store apps': ['store-apps', 'apps'],
    services: ['services', 'services'],
    'startup programs': ['startup', 'entries'],
    'scheduled tasks': ['tasks', 'tasks'],
  },
  security: {
    Defender: ['defender', 'isRealTime'],
    'firewall profiles': ['firewall', 'profiles'],
    BitLocker: ['bitlocker', 'volumes'],
    TPM: ['tpm', 'version'],
    'local admins': ['local-admins', 'members'],
    'password policy': ['password-policy', 'minLength'],
    'audit policy': ['audit-policy', 'categories'],
  },
  network: {
    adapters: ['network', 'interfaces'],
    'IP config': ['network', 'gateways'],
    routes: ['routes', 'routes'],
    'DNS servers': ['dns', 'interfaces'],
    'SMB shares': ['shares', 'shares'],
    connections: ['connections', 'connections'],
    'firewall rules': ['firewall-rules', 'rules'],
  },
};

test('each of the 33 classes of the inventory is told: hardware 12, software 7, security 7, network 7', async () => {
  expect(Object.values(CLASSES).map((classes) => Object.keys(classes).length)).toEqual([12, 7, 7, 7]);
  const facts = await inventory();
  for (const [name, [kind, member]] of Object.values(CLASSES).flatMap((classes) => Object.entries(classes))) {
    const value = facts.get(kind)?.[member];
    expect(Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined, name).toBe(true);
  }
});

test('the system, its hardware and its network stand where every other system has them', async () => {
  const facts = await inventory();
  expect(facts.get('os')).toMatchObject({
    family: 'windows',
    prettyName: 'Microsoft Windows Server 2022 Standard',
    version: '10.0.20348',
    hostname: 'fs01',
    timezone: 'W. Europe Standard Time',
    isServer: true,
    domain: 'example.test',
  });
  expect(facts.get('hardware')).toMatchObject({
    vendor: 'Dell Inc.',
    product: 'PowerEdge R650',
    serial: '5F5RJ02',
    assetTag: null,
    chassisType: 23,
    biosDate: '2023-11-17',
    cpuSockets: 2,
    cpuCores: 16,
    cpuThreads: 32,
    // Windows guards itself with a hypervisor on bare metal too.
    hypervisor: null,
    memoryBytes: 68_719_476_736,
  });
  expect(facts.get('network')).toEqual({
    interfaces: [
      {
        ...{
          name: 'Broadcom NetXtreme',
          label: 'LAN 2',
          mac: null,
          mtu: null,
          isUp: false,
          addresses: [],
          isDhcp: null,
        },
      },
      {
        // As the counters call it, so that pages can join them.
        ...{ name: 'Broadcom NetXtreme [5720] _2', label: 'LAN', mac: 'd0:8e:79:00:00:01', mtu: null, isUp: true },
        // An address of the day is left out.
        ...{ addresses: ['192.0.2.7/24', 'fe80::1/64'], isDhcp: false },
      },
    ],
    gateways: ['192.0.2.1'],
    nameServers: ['192.0.2.53', '192.0.2.54'],
  });
  expect(facts.get('ports')).toEqual({
    ports: [
      { protocol: 'tcp', address: '0.0.0.0', port: 445, process: 'System' },
      { protocol: 'udp', address: '::', port: 123, process: 'svchost.exe' },
    ],
  });
  expect(facts.get('disks')).toMatchObject({
    disks: [{ name: 'Disk 0', sizeBytes: 960_000_000_000, isRotational: false, bus: 'RAID', health: 'healthy' }],
  });
});

test('programs, services and people', async () => {
  const facts = await inventory();
  expect(facts.get('packages')).toEqual({
    manager: 'windows',
    packages: [{ name: '7-Zip 22.01 (x64)', version: '22.01', arch: 'x64', publisher: 'Igor Pavlov' }],
    isTruncated: false,
  });
  expect(facts.get('services')).toMatchObject({
    services: [
      { name: 'Backup', active: 'failed', state: 'stopped' },
      { name: 'Spooler', active: 'active', state: 'running' },
      { name: 'sppsvc', active: 'inactive' },
    ],
  });
  // People first: the fleet shows the first of them.
  expect(facts.get('users')).toMatchObject({
    users: [
      { name: 'zoe', uid: 1_001, fullName: 'Zoë Öz' },
      { name: 'Administrator', uid: 500, isDisabled: true },
    ],
    signedIn: 'EXAMPLE\\alice',
  });
  expect(facts.get('monitors')).toMatchObject({ monitors: [{ vendor: 'DEL', name: 'DELL P2419H', serial: '9VZQ' }] });
  expect(facts.get('battery')).toMatchObject({ batteries: [{ healthPercent: 90 }] });
  expect(facts.get('connections')).toEqual({
    connections: [{ process: 'svchost.exe', remoteAddress: '198.51.100.9', remotePort: 443 }],
    isTruncated: false,
  });
  expect(facts.get('shares')).toMatchObject({
    shares: [{ name: 'C$', kind: 'disk', isHidden: true }, { name: 'Data' }],
  });
});

test('how it is guarded: ten checks with what they rest on', async () => {
  const scan = (await inventory()).get('security-scan');
  expect(scan).toMatchObject({ score: 60, known: 10, unknown: 0 });
  const checks = scan?.['checks'] as Array<{ id: string; verdict: string; evidence: string }>; // as it was made above
  expect(Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]))).toEqual({
    updates: 'no',
    antivirus: 'yes',
    firewall: 'yes',
    'disk-encryption': 'yes',
    'local-admins': 'yes',
    'password-policy': 'no',
    'open-ports': 'yes',
    certificates: 'no',
    reboot: 'no',
    'security-log': 'yes',
  });
  expect(checks.map(({ id }) => id)).toEqual([...SECURITY_CHECKS]);
  expect(checks.find(({ id }) => id === 'certificates')?.evidence).toBe(
    '1 have ended or end soon: CN=fs01.example.test, 2026-12-01.',
  );
});

test('the same machine asked by one script gives the same facts', async () => {
  const [overCim, byScript] = [await inventory(), await inventory(WINDOWS_SERVER, WINDOWS_SCRIPTED, false)];
  expect([...byScript]).toEqual([...overCim]);
  expect(byScript.size).toBe(40);
});

/** The one class that a kind rests on. */
const RESTS_ON: Readonly<Record<string, string>> = {
  os: 'Win32_OperatingSystem',
  hardware: 'Win32_ComputerSystem',
  bios: 'Win32_BIOS',
  board: 'Win32_BaseBoard',
  processors: 'Win32_Processor',
  'memory-modules': 'Win32_PhysicalMemory',
  disks: 'Win32_DiskDrive',
  volumes: 'Win32_Volume',
  gpu: 'Win32_VideoController',
  usb: 'Win32_USBController',
  monitors: 'WmiMonitorID',
  battery: 'Win32_Battery',
  hotfixes: 'Win32_QuickFixEngineering',
  'store-apps': 'Win32_InstalledStoreProgram',
  services: 'Win32_Service',
  startup: 'Win32_StartupCommand',
  tasks: 'MSFT_ScheduledTask',
  users: 'Win32_UserAccount',
  defender: 'MSFT_MpComputerStatus',
  antivirus: 'AntiVirusProduct',
  bitlocker: 'Win32_EncryptableVolume',
  tpm: 'Win32_Tpm',
  'security-log': 'Win32_NTEventlogFile',
  network: 'Win32_NetworkAdapterConfiguration',
  routes: 'MSFT_NetRoute',
  dns: 'MSFT_DNSClientServerAddress',
  shares: 'Win32_Share',
  ports: 'MSFT_NetTCPConnection',
  connections: 'MSFT_NetTCPConnection',
  'firewall-rules': 'MSFT_NetFirewallRule',
};

test.each(Object.entries(RESTS_ON))(
  '%s is unknown where %s is denied or missing, and left alone where it is slow',
  async (kind, from) => {
    for (const reason of ['denied', 'unsupported'] as const) {
      expect((await inventory({ ...WINDOWS_SERVER, [from]: reason })).get(kind)).toEqual({ unknown: reason });
    }
    const slow = await inventory({ ...WINDOWS_SERVER, [from]: 'timed-out' });
    expect(slow.has(kind)).toBe(false);
    expect(slow.size).toBeGreaterThan(30);
  },
);

test('a login that may ask and not run has an inventory, and the rest is unknown', async () => {
  const facts = await inventory(WINDOWS_SERVER, 'denied');
  for (const kind of [
    'packages',
    'updates',
    'local-admins',
    'password-policy',
    'audit-policy',
    'certificates',
    'reboot',
  ])
    expect(facts.get(kind)).toEqual({ unknown: 'denied' });
  // The machine's own settings, where a policy's were not told.
  expect(facts.get('firewall')).toMatchObject({ profiles: [{ name: 'domain', isOn: true }, { isOn: null }, {}] });
  expect(facts.get('security-scan')).toMatchObject({ known: 3, unknown: 7 });
  const { checks } = facts.get('security-scan') as { checks: Array<{ id: string; evidence: string }> }; // as above
  expect(checks.find(({ id }) => id === 'updates')?.evidence).toBe('Not known: this login may not read it.');
});

test('a class without an instance is empty where it may be, and not there where it must be one', async () => {
  const facts = await inventory({ ...WINDOWS_SERVER, Win32_Tpm: [], Win32_Battery: [], Win32_BIOS: [] });
  expect(facts.get('tpm')).toMatchObject({ isPresent: false });
  expect(facts.get('battery')).toEqual({ batteries: [] });
  expect(facts.get('bios')).toEqual({ unknown: 'unsupported' });
});

test('a line that breaks gives no inventory', async () => {
  await expect(inventory({ ...WINDOWS_SERVER, Win32_Share: 'lost' })).rejects.toThrow('lost');
});

test('whatever a machine calls its things, each fact fits its record', async () => {
  const long = `\u001b[31m${'\ud800'}${'x'.repeat(4_000)}`;
  const huge = Object.fromEntries(
    Object.entries(WINDOWS_SERVER).map(([name, rows]) => [
      name,
      Array.from({ length: 3_000 }, (_, index) =>
        Object.fromEntries(
          Object.entries(Array.isArray(rows) ? rows[0] : {}).map(([member, value]) => [
            member,
            typeof value === 'string' ? `${index} ${long}` : value,
          ]),
        ),
      ),
    ]),
  );
  const facts = await inventory(huge);
  const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');
  expect(facts.size).toBeGreaterThan(30);
  for (const [kind, body] of facts) {
    const record = FactRecord.parse(factRecord(device, NOW, { kind, body }));
    expect(record.body).not.toMatch(/\p{Cc}/u);
  }
});

test('no script of ours is encoded, and a text inside it stays a text', async () => {
  const scripts: string[] = [];
  const session: Session = {
    ...{ identity: { macs: [] }, system: 'windows', hostname: undefined, isOpen: true },
    run: async ({ script }) => {
      scripts.push(script);
      return fail('denied', 'composed');
    },
    read: async () => fail('unsupported', 'no files'),
    write: async () => fail('unsupported', 'no files'),
    close: () => undefined,
  };
  const collector = windowsCollector(seededBytes(3));
  const { signal } = new AbortController();
  await collector.collectHot(session, signal);
  await collector.collectCold(session, signal);
  const filter = { log: "it's", levels: [], codes: [], sources: ["a'b\u2019c"] };
  await collector.collectEvents?.(session, { filters: [filter], marks: {} }, signal);
  expect(scripts).toHaveLength(3);
  expect(scripts.join()).not.toMatch(/EncodedCommand|FromBase64|Invoke-Expression|DownloadString/i);
  expect(scripts[2]).toContain("Read-Log 'it''s' -1 -1 @() @() @('a''b\u2019\u2019c') 0");
});
