// A Windows leaf: the scripts that are asked over WinRM, asked of the relay's own machine. Against a model: no Windows ran them.
import { expect, test } from 'vitest';
import { EVENT_FILTERS } from '#relay/collect/event-log.ts';
import { windowsCollector } from '#relay/collect/windows/windows-collector.ts';
import type { RunRequest, RunResult } from '#relay/transport/transport.ts';
import { DeviceId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { answerKnown } from '#test/peers/windows-host/known-scripts.ts';
import { WindowsMachine } from '#test/peers/windows-host/windows-machine.ts';
import { LocalTransport } from './local-transport.ts';

const never = new AbortController().signal;
const clock = new FakeClock();
const random = seededBytes(5);
const entry = { device: DeviceId.parse('01900000-0000-7000-8000-000000000001'), name: 'leaf', intervalMs: 60_000 };

function leafOf(machine: WindowsMachine) {
  const run = async ({ script }: RunRequest): Promise<Outcome<RunResult>> => {
    const known = answerKnown(script, machine);
    if (known === undefined) return fail('unsupported', 'no script of the relay');
    const stdout = new TextEncoder().encode(known.stdout);
    const end = { kind: 'exit', code: known.code } as const;
    return succeed({ end, stdout, stderr: new Uint8Array(), isTruncated: false, hasOpenChild: false, durationMs: 1 });
  };
  return new LocalTransport({ clock, random, platform: 'win32', powershell: { run } });
}

test('who it is, its counters, inventory and event logs, without a login and without a network', async () => {
  const machine = new WindowsMachine({ seed: 1, index: 0, clock, address: '192.0.2.7' });
  const opened = await leafOf(machine).open({ ...entry, transport: 'local', address: '127.0.0.1' }, never);
  if (!opened.ok) throw new Error(opened.detail);
  const session = opened.value;
  expect(session).toMatchObject({ system: 'windows', hostname: machine.name.toLowerCase() });
  expect(session.identity.machineId).toBe(machine.machineGuid);
  const collector = windowsCollector(random);
  const hot = await collector.collectHot(session, never);
  expect(hot.ok && hot.value.samples.length).toBeGreaterThan(10);
  const cold = await collector.collectCold(session, never);
  const kinds = cold.ok ? cold.value.facts.map(({ kind }) => kind) : [];
  expect(kinds).toEqual(expect.arrayContaining(['os', 'hardware', 'services', 'packages', 'security-scan']));
  const events = await collector.collectEvents?.(session, { filters: EVENT_FILTERS, marks: {} }, never);
  expect(events).toMatchObject({ ok: true, value: { unread: new Map() } });
  expect(await session.run({ script: 'x', timeoutMs: 1, maxOutputBytes: 1 }, never)).toMatchObject({ ok: false });
});

test('a leaf that is closed runs nothing', async () => {
  const machine = new WindowsMachine({ seed: 1, index: 0, clock, address: '192.0.2.7' });
  const opened = await leafOf(machine).open({ ...entry, transport: 'local', address: '127.0.0.1' }, never);
  if (!opened.ok) throw new Error(opened.detail);
  opened.value.close();
  const ran = await opened.value.run({ script: 'x', timeoutMs: 1, maxOutputBytes: 1 }, never);
  expect(ran).toMatchObject({ ok: false, reason: 'lost' });
});
