// Shipped checks on what only Windows tells: read by the relay's own collector over WinRM from a machine that has the trouble, and then has it no more.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { collectorList } from '#relay/collect/collector-list.ts';
import { EVENT_FILTERS, type EventMarks } from '#relay/collect/event-log.ts';
import type { Session } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { systemRandom } from '#shared/base/id.ts';
import { compileChecks } from '#shared/judge/checks/compile-checks.ts';
import { DeviceJudge } from '#shared/judge/checks/device-judge.ts';
import type { Transition } from '#shared/judge/checks/verdict.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { startWindowsLab } from '#test/lab/windows-lab.ts';
import type { WindowsMachine, WindowsTrouble } from '#test/peers/windows-host/windows-machine.ts';
import { makeWinrmRelay } from '#test/peers/winrm-relay.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const never = new AbortController().signal;

interface Watched {
  machine: WindowsMachine;
  /** Reads the machine's inventory now and judges it as if it were read at `at`. */
  look(trouble: WindowsTrouble, at?: number): Promise<string[]>;
  /** The same for its event logs. */
  read(at?: number): Promise<string[]>;
  tick(at: number): string[];
}

const words = (all: readonly Transition[]): string[] =>
  all.map(({ state, check, severity }) => (state === 'clear' ? `clear ${check}` : `${state} ${check} ${severity}`));

async function watched(): Promise<Watched> {
  const lab = await startWindowsLab({ devices: 1, base: '127.44.0.1' });
  onTestFinished(() => lab.stop());
  const [device] = lab.devices;
  if (device === undefined) throw new Error('an empty lab');
  const relay = makeWinrmRelay(tempFolder(onTestFinished), { ports: { tls: device.tlsPort, plain: device.port } });
  onTestFinished(() => relay.stop());
  relay.addLogin('main', { user: device.user, password: device.password });
  const opened = await relay.open(relay.device({ address: device.address }));
  if (!opened.ok) throw new Error(opened.detail);
  return watch(lab.machine(0), opened.value);
}

function watch(machine: WindowsMachine, session: Session): Watched {
  const collector = collectorList(systemRandom)('windows');
  const judge = new DeviceJudge({ checks: compileChecks(SHIPPED_CHECKS), pollMs: MINUTE_MS });
  let marks: EventMarks = {};
  return {
    machine,
    look: async (trouble, at = systemClock.now()) => {
      machine.trouble = trouble;
      const reading = await collector?.collectCold(session, never);
      if (reading?.ok !== true) throw new Error(reading?.detail);
      return words(reading.value.facts.flatMap(({ kind, body }) => judge.fact({ kind, body, at })));
    },
    read: async (at = systemClock.now()) => {
      const reading = await collector?.collectEvents?.(session, { filters: EVENT_FILTERS, marks }, never);
      if (reading?.ok !== true) throw new Error(reading?.detail);
      ({ marks } = reading.value);
      return words(reading.value.entries.flatMap((entry) => judge.event(entry, at)));
    },
    tick: (at) => words(judge.tick(at)),
  };
}

/** A machine that has nothing to complain of. */
const well = (): WindowsTrouble => ({
  certificateEndsAt: systemClock.now() + 300 * DAY_MS,
  isRebootPending: false,
  updatedAt: systemClock.now() - DAY_MS,
  needsUpdate: false,
});

/** A real certificate that has really expired: made by openssl ten days ago, for two days. */
function expiredCertificate(): number {
  const folder = tempFolder(onTestFinished);
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const env = { ...process.env, LD_PRELOAD: FAKETIME, FAKETIME: '-10d' };
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=srv1.test'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-days', '2', '-out', cert, '-keyout', key], {
    stdio: 'pipe',
    env,
  });
  return Date.parse(new X509Certificate(readFileSync(cert)).validTo);
}

test('a certificate that has expired is critical, one that ends within the month is a warning, a new one is neither', async () => {
  const expiredAt = expiredCertificate();
  expect(expiredAt).toBeLessThan(systemClock.now());
  const { look } = await watched();
  expect(await look(well())).toEqual([]);
  expect(await look({ ...well(), certificateEndsAt: systemClock.now() + 20 * DAY_MS })).toEqual([
    'open certificate.end medium',
  ]);
  expect(await look({ ...well(), certificateEndsAt: expiredAt })).toEqual(['change certificate.end critical']);
  expect(await look(well())).toEqual(['clear certificate.end']);
});

test('a restart that waits for a week and a security update for two are told, and over when they are done', async () => {
  const { look, tick } = await watched();
  const now = systemClock.now();
  expect(await look({ ...well(), isRebootPending: true, needsUpdate: true }, now)).toEqual([]);
  expect(tick(now + 6 * DAY_MS)).toEqual([]);
  expect(tick(now + 7 * DAY_MS + MINUTE_MS)).toEqual(['open restart.pending medium']);
  expect(tick(now + 14 * DAY_MS + MINUTE_MS)).toContain('open patch.security high');
  const after = await look(well(), now + 15 * DAY_MS);
  expect(after).toEqual(expect.arrayContaining(['clear restart.pending', 'clear patch.security']));
});

test('a machine that nobody updated for a month is told, and over when it is updated', async () => {
  const { look } = await watched();
  expect(await look({ ...well(), updatedAt: systemClock.now() - 31 * DAY_MS })).toEqual(['open patch.age high']);
  expect(await look(well())).toEqual(['clear patch.age']);
});

test.each([
  ['error', 'log.errors', 'medium', 12],
  ['warning', 'log.warnings', 'low', 55],
] as const)(
  '%ss of an hour in the event log are told from %s on, and over an hour later',
  async (level, check, severity, count) => {
    const { machine, read, tick } = await watched();
    const now = systemClock.now();
    machine.trouble = well();
    await read(now);
    tick(now);
    machine.trouble = { ...well(), flood: { log: 'System', level, everyMs: 1, since: now - count } };
    const told = await read(now);
    expect(told.find((one) => one.includes(check))).toBe(`open ${check} ${severity}`);
    expect(tick(now + 62 * MINUTE_MS)).toContain(`clear ${check}`);
  },
);
