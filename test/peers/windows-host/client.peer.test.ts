// The relay's own WinRM client on the fake Windows host, in every mode the host has.
import { expect, test } from 'vitest';
import { EVENT_FILTERS } from '#relay/collect/event-log.ts';
import { windowsCollector } from '#relay/collect/windows/windows-collector.ts';
import { COLD_QUESTIONS, HOT_QUESTIONS } from '#relay/collect/windows/windows-questions.ts';
import { allInstances, type CimProperties, type CimQuery } from '#relay/transport/cim.ts';
import type { Session } from '#relay/transport/transport.ts';
import { readWindowsFacts } from '#relay/transport/windows-identity.ts';
import type { WinrmClient } from '#relay/transport/winrm/client.ts';
import { readOverPowershell, writeOverPowershell } from '#relay/transport/winrm/winrm-files.ts';
import { systemRandom as random } from '#shared/base/id.ts';
import type { HostMode } from './host-mode.ts';
import { winrmRig } from './winrm-rig.ts';

const SIGNAL = new AbortController().signal;
const LIMITS = { timeoutMs: 20_000, maxInstances: 10_000, maxBytes: 10_000_000 };
const ask = <P extends CimProperties>(client: WinrmClient, query: CimQuery<P>) =>
  allInstances(client.cim, query, LIMITS, SIGNAL);
const SERVICES = { from: 'Win32_Service', select: { Name: 'text', State: 'text' } } as const;
const run = (client: WinrmClient, script: string, signal = SIGNAL) =>
  client.run({ script, timeoutMs: 20_000, maxOutputBytes: 8_000_000 }, signal);

/** What only a laptop has, and what only a server lacks. */
const ONLY_WORKSTATION = new Set([
  'antivirus',
  'monitors',
  'batteries',
  'batteryDesign',
  'batteryFull',
  'tpm',
  'storeApps',
]);
const ALL = [HOT_QUESTIONS, ...Object.values(COLD_QUESTIONS)].flatMap((questions) => Object.entries(questions));

// Index 5 is a workstation, 4 a server.
test.each([4, 5])(
  'machine %i answers every question a relay has, with values of the right kinds',
  async (index) => {
    const { client, windows } = await winrmRig({ index });
    for (const [name, query] of ALL) {
      const answer = await ask(client, query);
      const isMissing = windows.model.isServer && ONLY_WORKSTATION.has(name);
      if (!isMissing) expect(answer, name).toMatchObject({ ok: true });
      if (!answer.ok || isMissing || name === 'stopped') continue;
      expect(answer.value.length, name).toBeGreaterThan(0);
      // A property whose every value is undefined is one that the machine misspells or writes in the wrong kind.
      const unread = Object.keys(query.select).filter((one) => answer.value.every((row) => row[one] === undefined));
      expect(
        unread.filter((one) => !NULL_HERE.has(one)),
        name,
      ).toEqual([]);
    }
    expect(windows.host.counts.logins).toBe(1);
    expect(windows.host.enumerations.size).toBe(0);
  },
  60_000,
);

/** NULL on these machines, as on many real ones. */
const NULL_HERE = new Set([
  'Version',
  'UserName',
  'FullScanEndTime',
  'MTU',
  'Label',
  'DNSDomain',
  'Workgroup',
  'CurrentHorizontalResolution',
  'CurrentVerticalResolution',
]);

test('counters rise, and a reboot starts them anew', async () => {
  const { client, windows } = await winrmRig({ index: 0 });
  const query = {
    from: 'Win32_PerfRawData_PerfOS_Processor',
    select: { PercentProcessorTime: 'big', Timestamp_Sys100NS: 'big' },
    where: "Name='_Total'",
  } as const;
  const first = await ask(client, query);
  const second = await ask(client, query);
  windows.model.reboot();
  const third = await ask(client, query);
  if (!first.ok || !second.ok || !third.ok) throw new Error('no answer');
  const idle = [first, second, third].map(({ value }) => value[0]?.PercentProcessorTime ?? 0n);
  expect(Number(idle[1])).toBeGreaterThanOrEqual(Number(idle[0]));
  expect(Number(idle[2])).toBeLessThan(Number(idle[1]));
});

test('a class that is missing or denied, and a namespace that is, are told apart from none', async () => {
  const mode = { deniedClasses: ['win32_bios'], missingClasses: ['win32_battery'], deniedNamespaces: ['root/wmi'] };
  const { client } = await winrmRig({ mode });
  const select = { Name: 'text' } as const;
  expect(await ask(client, { from: 'Win32_BIOS', select })).toMatchObject({ ok: false, reason: 'denied' });
  expect(await ask(client, { from: 'Win32_Battery', select })).toMatchObject({ ok: false, reason: 'unsupported' });
  expect(await ask(client, { namespace: 'root/nowhere', from: 'X', select })).toMatchObject({ reason: 'unsupported' });
  expect(
    await ask(client, { namespace: 'root/wmi', from: 'WmiMonitorID', select: { Active: 'boolean' } }),
  ).toMatchObject({
    reason: 'denied',
  });
  expect(await ask(client, { ...SERVICES, where: "Name = 'none'" })).toEqual({ ok: true, value: [] });
});

test.each([
  ['http', {}],
  ['http', { framing: 'no-tab' }],
  ['http', { framing: 'extra-crlf' }],
  ['http', { readsBodyOfLogin: false }],
  ['http', { challenge: 'no-timestamp' }],
  ['http', { alsoOffers: ['Kerberos', 'Basic realm="WSMAN"'] }],
  ['https', { cbt: 'strict' }],
  ['https', { cbt: 'none' }],
  ['http', { delayMs: 20 }],
  ['http', { tarpitBytesPerS: 200_000 }],
] satisfies ReadonlyArray<['http' | 'https', Partial<HostMode>]>)(
  'over %s with %o questions and scripts are answered',
  async (scheme, mode) => {
    const { client, windows } = await winrmRig({ scheme, mode });
    const services = await ask(client, SERVICES);
    expect(services.ok && services.value.length).toBe(20);
    const ran = await run(client, "Write-Output 'grüße'; Write-Error 'no good'; exit 7");
    if (!ran.ok) throw new Error(ran.detail);
    expect(ran.value.end).toEqual({ kind: 'exit', code: 7 });
    expect(Buffer.from(ran.value.stdout).toString()).toBe('grüße\r\n');
    expect(Buffer.from(ran.value.stderr).toString()).toContain('no good');
    expect(windows.host.shells.size).toBe(0);
    expect(windows.host.counts.basicRefused + windows.host.counts.plaintextRefused).toBe(0);
  },
);

test.each([
  'no-seal',
  'no-sign',
  'no-session-security',
  'no-key-exchange',
  'no-128',
  'no-unicode',
  'no-target-info',
] as const)('a challenge with %s gets no answer made of the password', async (challenge) => {
  const { client, windows } = await winrmRig({ mode: { challenge } });
  // Without UTF-16 the host's own name is already no text to us.
  const reason = challenge === 'no-unicode' ? 'malformed' : 'refused';
  expect(await ask(client, SERVICES)).toMatchObject({ ok: false, reason });
  expect(windows.host.counts.attempts).toBe(0);
});

test.each(['signature', 'data', 'signature-length', 'length'] as const)(
  'a bit turned over in the %s of an answer is noticed',
  async (flipBit) => {
    const { client } = await winrmRig({ mode: { flipBit } });
    expect(await ask(client, SERVICES)).toMatchObject({ ok: false, reason: 'malformed' });
  },
);

test('an answer in the clear to a sealed question is not believed', async () => {
  const { client } = await winrmRig({ mode: { answersPlain: true } });
  const answer = await ask(client, SERVICES);
  expect(answer).toMatchObject({ ok: false });
});

test('a wrong password is tried once for each connection, and a locked account the same', async () => {
  const { client, windows, verdicts } = await winrmRig({ password: 'wrong', lockoutThreshold: 5 });
  expect(await ask(client, SERVICES)).toMatchObject({ ok: false, reason: 'denied' });
  expect(windows.host.accounts.badPasswords(windows.user)).toBe(1);
  windows.host.accounts.lock(windows.user, true);
  expect(await ask(client, SERVICES)).toMatchObject({ ok: false });
  expect(windows.host.accounts.badPasswords(windows.user)).toBe(1);
  expect(verdicts).not.toContain('accepted');
});

test.each(['request', 'before-answer', 'half-answer'] as const)(
  'a connection that breaks at %s costs one login more, and a command is never run twice',
  async (point) => {
    const { client, windows } = await winrmRig();
    expect(await ask(client, SERVICES)).toMatchObject({ ok: true });
    windows.host.set({ drop: { point, times: 1 } });
    expect(await ask(client, SERVICES)).toMatchObject({ ok: true });
    expect(windows.host.counts.logins).toBe(2);
    const answered = point === 'request' ? 'before-answer' : point;
    windows.host.set({ drop: { point: answered, times: 1, action: 'Command' } });
    expect(await run(client, "Write-Output 'once'")).toMatchObject({ ok: false, reason: 'lost' });
    expect(windows.host.shells.begun).toHaveLength(1);
  },
);

test.each(['connect', 'challenge', 'after-challenge'] as const)(
  'a login that breaks at %s says nothing of the password, and the next one succeeds',
  async (point) => {
    const { client, windows, verdicts } = await winrmRig({ mode: { drop: { point, times: 1 } } });
    const first = await ask(client, SERVICES);
    if (!first.ok) expect(['lost', 'unreachable']).toContain(first.reason);
    expect(await ask(client, SERVICES)).toMatchObject({ ok: true });
    expect(windows.host.counts.logins).toBe(1);
    expect(verdicts).not.toContain('denied');
  },
);

test('an idle connection that the host closes is replaced without a word', async () => {
  // A quarter of a second: a busy machine pauses for longer than 20 ms in the middle of a question, which is no idle connection.
  const { client, windows } = await winrmRig({ mode: { idleCloseMs: 250 } });
  for (let round = 0; round < 3; round += 1) {
    expect(await ask(client, SERVICES)).toMatchObject({ ok: true });
    await expect.poll(() => windows.host.openConnections, { timeout: 10_000 }).toBe(0);
  }
  expect(windows.host.counts.logins).toBe(3);
});

test('quotas are told as what they are', async () => {
  const { client } = await winrmRig({ limits: { maxShellsPerUser: 0 } });
  expect(await run(client, "'x'")).toMatchObject({ ok: false, reason: 'refused' });
  const other = await winrmRig({ mode: { deniesShells: true } });
  expect(await run(other.client, "'x'")).toMatchObject({ ok: false, reason: 'denied' });
});

test('silence, split characters and mixed streams arrive whole', async () => {
  const { client, windows } = await winrmRig({ pieceBytes: 1, silenceMs: 40 });
  const mixed = await run(client, 'sim-interleave');
  if (!mixed.ok) throw new Error(mixed.detail);
  expect(mixed.value.end).toEqual({ kind: 'exit', code: 3 });
  const expected = (letter: string) => Array.from({ length: 50 }, (_, i) => `${letter}${i}\n`).join('');
  expect(Buffer.from(mixed.value.stdout).toString()).toBe(expected('ö'));
  expect(Buffer.from(mixed.value.stderr).toString()).toBe(expected('ü'));
  const silent = await run(client, 'sim-silence 300');
  expect(silent.ok && Buffer.from(silent.value.stdout).toString()).toBe('before\r\nafter\r\n');
  expect(windows.host.shells.size).toBe(0);
});

test('a command that hangs is stopped within a second and leaves no shell', async () => {
  const { client, windows } = await winrmRig();
  const abort = new AbortController();
  const ran = run(client, 'sim-hang', abort.signal);
  await expect.poll(() => windows.host.shells.running(), { timeout: 10_000 }).toBe(1);
  const start = performance.now();
  abort.abort();
  expect(await ran).toMatchObject({ ok: false, reason: 'cancelled' });
  expect(performance.now() - start).toBeLessThan(1_000);
  await expect.poll(() => windows.host.shells.size, { timeout: 10_000 }).toBe(0);
});

test('who the machine is reads the same by its classes and by the script', async () => {
  const { client, windows } = await winrmRig();
  const { base, name } = windows.model;
  const ran = (request: Parameters<WinrmClient['run']>[0]) => client.run(request, SIGNAL);
  const byCim = await readWindowsFacts(client.cim, ran, SIGNAL);
  const byScript = await readWindowsFacts(undefined, ran, SIGNAL);
  const known = {
    smbiosUuid: base.smbiosUuid,
    serial: base.serial.toLowerCase(),
    macs: base.nics.map(({ mac }) => mac),
  };
  for (const facts of [byCim, byScript])
    expect(facts).toMatchObject({ ok: true, value: { hostname: name.toLowerCase(), identity: known } });
});

test('a file goes there and back in chunks, and one that is not there is told so', async () => {
  const { client } = await winrmRig();
  const shell = { name: 'fake', random, run: (...args: Parameters<WinrmClient['run']>) => client.run(...args) };
  const content = Buffer.from(Array.from({ length: 500_000 }, (_, i) => i % 251));
  const path = "C:\\Temp\\it's here.bin";
  expect(await writeOverPowershell(shell, path, content, SIGNAL)).toMatchObject({ ok: true });
  const back = await readOverPowershell(shell, path, 1_000_000, SIGNAL);
  expect(back.ok && Buffer.from(back.value).equals(content)).toBe(true);
  expect(await readOverPowershell(shell, 'C:\\nothing', 10, SIGNAL)).toMatchObject({ ok: false, reason: 'refused' });
});

test('event logs are read from a mark on, also after one was cleared, and the inventory holds every kind', async () => {
  const { client, windows } = await winrmRig();
  // All that a collector uses of a session.
  const session = { cim: client.cim, system: 'windows', run: client.run.bind(client) } as unknown as Session;
  const collector = windowsCollector(random);
  const first = await collector.collectEvents?.(session, { filters: EVENT_FILTERS, marks: {} }, SIGNAL);
  if (first?.ok !== true) throw new Error(first?.detail);
  expect(new Set(first.value.entries.map(({ level }) => level))).toEqual(
    new Set(['error', 'warning', 'audit-failure']),
  );
  const again = await collector.collectEvents?.(session, { filters: EVENT_FILTERS, marks: first.value.marks }, SIGNAL);
  if (again?.ok !== true) throw new Error(again?.detail);
  expect(again.value.entries.length).toBeLessThan(2);
  windows.model.clearedLogs.set('security', windows.model.now() - 1_000);
  const anew = await collector.collectEvents?.(session, { filters: EVENT_FILTERS, marks: again.value.marks }, SIGNAL);
  expect(anew?.ok === true && anew.value.entries.map(({ log, entry, code }) => [log, entry, code])).toEqual([
    ['Security', 1, 1_102],
  ]);
  const cold = await collector.collectCold(session, SIGNAL);
  if (!cold.ok) throw new Error(cold.detail);
  expect(cold.value.facts.length).toBeGreaterThan(10);
});
