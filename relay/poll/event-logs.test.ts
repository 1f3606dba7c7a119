// Event logs are carried from a mark on: nothing twice, nothing lost without a count, a flood in bounded memory, over a restart.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Fact } from '#relay/collect/collector.ts';
import { EVENT_FILTERS } from '#relay/collect/event-log.ts';
import { windowsCollector } from '#relay/collect/windows/windows-collector.ts';
import type { RunRequest, RunResult, Session } from '#relay/transport/transport.ts';
import { DeviceId } from '#shared/base/id.ts';
import { type FailureReason, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { EventRecord } from '#shared/model/record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { type ComposedEntry, type ComposedLogs, composedEventOutput } from '#test/fixtures/composed-events.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { newDeviceState } from './device-state.ts';
import { EventLogs } from './event-logs.ts';
import { EventMarkStore } from './event-marks.ts';

const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');
const MINUTE = 60_000;
const PASSED = {
  end: { kind: 'exit', code: 0 },
  stderr: new Uint8Array(),
  isTruncated: false,
  hasOpenChild: false,
} as const;

class Machine {
  readonly clock: FakeClock;
  readonly told: EventRecord[] = [];
  readonly facts: Fact[] = [];
  readonly asked: RunRequest[] = [];
  logs: ComposedLogs = { System: [], Application: [], Security: [], 'Microsoft-Windows-PowerShell/Operational': [] };
  refusal: FailureReason | undefined;
  isSpoolFull = false;
  readonly #state;
  readonly #file: string;
  events: EventLogs;

  constructor(file: string, clock = new FakeClock()) {
    this.clock = clock;
    this.#file = file;
    this.#state = newDeviceState(
      { device, name: 'fs01', transport: 'winrm', address: '192.0.2.7', intervalMs: MINUTE },
      0,
      0,
    );
    this.#state.polls = 2;
    this.events = this.#start();
  }

  /** The relay's process begins anew: what was not written down is forgotten. */
  restart(): void {
    this.events = this.#start();
    this.#state.events.dueMs = 0;
  }

  async read(): Promise<EventRecord[]> {
    this.told.length = 0;
    this.events.maybeStart(this.#state, this.clock.monotonic());
    await settle();
    return [...this.told];
  }

  set(log: string, entries: readonly ComposedEntry[] | string): void {
    this.logs = { ...this.logs, [log]: entries };
  }

  #start(): EventLogs {
    const { clock } = this;
    const collector = windowsCollector(seededBytes(7));
    return new EventLogs({
      clock,
      log: silentLogger,
      pool: { session: () => Promise.resolve(succeed(this.#session)) },
      collectorFor: () => collector,
      marks: new EventMarkStore({ clock, file: this.#file }),
      filters: EVENT_FILTERS,
      everyMs: 5 * MINUTE,
      onFact: (_device, fact) => this.facts.push(fact),
      onEvent: (record) => {
        if (this.isSpoolFull) throw new Error('the spool takes nothing');
        this.told.push(EventRecord.parse(record));
      },
    });
  }

  readonly #session: Session = {
    identity: { macs: [] },
    system: 'windows',
    hostname: 'fs01',
    isOpen: true,
    run: (request) => Promise.resolve(this.#run(request)),
    read: () => Promise.resolve(fail('unsupported', 'no files')),
    write: () => Promise.resolve(fail('unsupported', 'no files')),
    close: () => undefined,
  };

  #run(request: RunRequest): Outcome<RunResult> {
    this.asked.push(request);
    if (this.refusal !== undefined) return fail(this.refusal, 'composed');
    const stdout = new TextEncoder().encode(composedEventOutput(request.script, this.logs));
    expect(stdout.length).toBeLessThan(request.maxOutputBytes);
    return succeed({ ...PASSED, stdout, durationMs: 1 });
  }
}

const entries = (from: number, to: number, more: Partial<ComposedEntry> = {}): ComposedEntry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    ...{ entry: from + index, at: 1_700_000_000_000 + from + index, level: 2, code: 7_031 },
    ...more,
  }));
const machine = () => new Machine(path.join(tempFolder(onTestFinished), 'event-marks.json'));
const numbersOf = (told: readonly EventRecord[]) => told.map(({ entry }) => entry);

test('each entry is told once, in its order, and only what the filters name', async () => {
  const peer = machine();
  peer.set('System', [...entries(1, 3), ...entries(4, 9, { level: 4 }), ...entries(10, 11, { level: 3 })]);
  const told = await peer.read();
  expect(numbersOf(told)).toEqual([1, 2, 3, 10, 11]);
  expect(told[0]).toEqual({
    ...{ type: 'event', device, at: 1_700_000_000_001, log: 'System', entry: 1, source: 'Composed' },
    ...{ code: 7_031, level: 'error', message: 'entry 1' },
  });
  expect(told[4]?.level).toBe('warning');
  await peer.clock.advance(6 * MINUTE);
  expect(await peer.read()).toEqual([]);
  peer.set('System', entries(1, 12));
  await peer.clock.advance(6 * MINUTE);
  expect(numbersOf(await peer.read())).toEqual([12]);
});

test('a failed logon, and a group that somebody was put into', async () => {
  const peer = machine();
  const failure = 0x8010_0000_0000_0000n;
  const success = 0x8020_0000_0000_0000n;
  peer.set('Security', [
    ...entries(1, 1, { level: 0, code: 4_625, keywords: failure }),
    ...entries(2, 2, { level: 0, code: 4_624, keywords: success }),
    ...entries(3, 3, { level: 0, code: 4_732, keywords: success }),
  ]);
  expect((await peer.read()).map(({ code, level }) => [code, level])).toEqual([
    [4_625, 'audit-failure'],
    [4_732, 'audit-success'],
  ]);
});

test('a restart tells nothing twice that the spool surely has, and nothing is lost', async () => {
  const peer = machine();
  peer.set('System', entries(1, 5));
  await peer.read();
  await peer.clock.advance(6 * MINUTE);
  await peer.events.settled();
  peer.set('System', entries(1, 7));
  peer.restart();
  expect(numbersOf(await peer.read())).toEqual([6, 7]);
  // Written down a moment after it was told: the spool may have lost it with the process.
  await peer.events.settled();
  peer.restart();
  expect(numbersOf(await peer.read())).toEqual([6, 7]);
});

test('10,000 entries a second for five minutes: bounded readings, and each entry told or counted', async () => {
  const peer = machine();
  peer.set('Application', entries(1, 10));
  expect(await peer.read()).toHaveLength(10);
  const total = 3_000_010;
  // The log itself keeps the last 30,000.
  peer.set('Application', entries(total - 29_999, total));
  await peer.clock.advance(6 * MINUTE);
  const told: EventRecord[] = [];
  for (let round = 0; round < 60; round += 1) {
    const now = await peer.read();
    expect(now.length).toBeLessThanOrEqual(500);
    told.push(...now);
    // It asks again soon while more waits.
    await peer.clock.advance(20_000);
  }
  const dropped = told.reduce((sum, one) => sum + (one.dropped ?? 0), 0);
  expect(told[0]?.dropped).toBe(total - 20_000 - 10);
  expect(told.length + dropped).toBe(total - 10);
  expect(new Set(numbersOf(told)).size).toBe(told.length);
});

test('what was passed over is told with the next entry that is worth telling', async () => {
  const peer = machine();
  peer.set('System', entries(1, 5));
  await peer.read();
  peer.set('System', entries(100, 110, { level: 4 }));
  await peer.clock.advance(6 * MINUTE);
  expect(await peer.read()).toEqual([]);
  peer.set('System', [...entries(100, 110, { level: 4 }), ...entries(111, 112)]);
  await peer.clock.advance(6 * MINUTE);
  expect((await peer.read()).map(({ entry, dropped }) => [entry, dropped])).toEqual([
    [111, 94],
    [112, undefined],
  ]);
});

test('a log that was cleared begins anew', async () => {
  const peer = machine();
  peer.set('Security', entries(1, 50, { level: 0, code: 4_740 }));
  await peer.read();
  peer.set('Security', entries(1, 2, { level: 0, code: 1_102 }));
  await peer.clock.advance(6 * MINUTE);
  expect((await peer.read()).map(({ entry, dropped }) => [entry, dropped])).toEqual([
    [1, undefined],
    [2, undefined],
  ]);
});

test('a log that was cleared and has grown past the mark since is known by the time of its entries', async () => {
  const peer = machine();
  const audits = { level: 0, code: 4_740 };
  peer.set('Security', entries(1, 50, audits));
  expect(await peer.read()).toHaveLength(50);
  const later = entries(1, 70, audits).map((one) => ({ ...one, at: one.at + MINUTE }));
  peer.set('Security', later);
  await peer.clock.advance(6 * MINUTE);
  // Written down with its time: over a restart too.
  await peer.events.settled();
  peer.restart();
  const told = await peer.read();
  expect(numbersOf(told)).toEqual(later.map(({ entry }) => entry));
  expect(told.every(({ at, dropped }) => at > 1_700_000_060_000 && dropped === undefined)).toBe(true);
  await peer.clock.advance(6 * MINUTE);
  expect(await peer.read()).toEqual([]);
});

test('an entry without a time is counted with the next one', async () => {
  const peer = machine();
  peer.set('System', [...entries(1, 1), ...entries(2, 2, { at: -1 }), ...entries(3, 3)]);
  expect((await peer.read()).map(({ entry, dropped }) => [entry, dropped])).toEqual([
    [1, undefined],
    [3, 1],
  ]);
});

test('a log that is empty after it was cleared keeps its mark, whether its numbers go on or begin anew', async () => {
  const peer = machine();
  peer.set('Application', entries(1, 20));
  peer.set('System', entries(1, 20));
  await peer.read();
  peer.set('Application', []);
  peer.set('System', []);
  await peer.clock.advance(6 * MINUTE);
  expect(await peer.read()).toEqual([]);
  peer.set('Application', entries(21, 22));
  const anew = entries(1, 21).map((one) => ({ ...one, at: one.at + MINUTE }));
  peer.set('System', anew);
  await peer.clock.advance(6 * MINUTE);
  const told = await peer.read();
  expect(numbersOf(told.filter(({ log }) => log === 'Application'))).toEqual([21, 22]);
  expect(numbersOf(told.filter(({ log }) => log === 'System'))).toEqual(anew.map(({ entry }) => entry));
  expect(told.filter(({ dropped }) => dropped !== undefined)).toEqual([]);
});

test('a flood after a log was cleared is counted from its first entry on', async () => {
  const peer = machine();
  peer.set('System', entries(1, 5));
  await peer.read();
  peer.set(
    'System',
    entries(1, 30_000, { level: 4 }).map((one) => ({
      ...one,
      at: one.at + MINUTE,
      ...(one.entry === 30_000 ? { level: 2 } : {}),
    })),
  );
  await peer.clock.advance(6 * MINUTE);
  expect((await peer.read()).map(({ entry, dropped }) => [entry, dropped])).toEqual([[30_000, 10_000]]);
});

test('while a flood is read every 20 s, what the spool surely has is written down all the same', async () => {
  const peer = machine();
  peer.set('System', entries(1, 10));
  await peer.read();
  peer.set('System', entries(1, 2_510));
  await peer.clock.advance(6 * MINUTE);
  for (let round = 0; round < 4; round += 1) {
    expect(await peer.read()).toHaveLength(500);
    await peer.clock.advance(20_000);
  }
  peer.events.save();
  peer.restart();
  // Not from the tenth on.
  expect((await peer.read()).map(({ entry, dropped }) => [entry, dropped])[0]).toEqual([1_511, undefined]);
});

test('what PowerShell logs of scripts is told without their text', async () => {
  const peer = machine();
  const source = 'Microsoft-Windows-PowerShell';
  const block = 'Script block 0a1b-2c, part 1 of 2, 812 characters, path: C:\\a.ps1';
  const hidden = 'Its text holds a script and stays on the machine.';
  peer.set('Microsoft-Windows-PowerShell/Operational', [
    ...entries(1, 1, { level: 3, code: 4_104, source, message: block }),
    ...entries(2, 2, { level: 3, code: 4_104, source, message: `${block}\ncanary-4104` }),
    ...entries(3, 3, { level: 3, code: 4_103, source, message: 'canary-4103' }),
  ]);
  expect((await peer.read()).map(({ message }) => message)).toEqual([block, hidden, hidden]);
});

test('a log that this login may not read keeps its mark and costs the others nothing', async () => {
  const peer = machine();
  peer.set('Security', 'denied');
  peer.set('System', entries(1, 2));
  expect(numbersOf(await peer.read())).toEqual([1, 2]);
  expect(peer.facts.at(-1)).toEqual({
    kind: 'event-logs',
    body: { logs: EVENT_FILTERS.map(({ log }) => ({ name: log, unknown: log === 'Security' ? 'denied' : null })) },
  });
  peer.set('Security', entries(1, 3, { level: 0, code: 1_102 }));
  await peer.clock.advance(6 * MINUTE);
  expect(numbersOf(await peer.read())).toEqual([1, 2, 3]);
});

test('a refused script is asked again after an hour, not every five minutes', async () => {
  const peer = machine();
  peer.refusal = 'denied';
  await peer.read();
  for (let minute = 0; minute < 55; minute += 5) {
    await peer.clock.advance(5 * MINUTE);
    await peer.read();
  }
  expect(peer.asked).toHaveLength(1);
  expect(peer.events.counts.failed).toBe(1);
  expect(peer.facts).toEqual([{ kind: 'event-logs', body: { unknown: 'denied' } }]);
});

test('entries that the spool refused are read again', async () => {
  const peer = machine();
  peer.set('System', entries(1, 3));
  peer.isSpoolFull = true;
  expect(await peer.read()).toEqual([]);
  peer.isSpoolFull = false;
  await peer.clock.advance(6 * MINUTE);
  expect(numbersOf(await peer.read())).toEqual([1, 2, 3]);
});

test('hostile text is cut and holds no control character; numbers that go back are not believed', async () => {
  const peer = machine();
  const message = `\u001b[2J\u0000${'x'.repeat(5_000)}`;
  peer.set('System', [
    { ...entries(5, 5)[0], entry: 5, at: 1, level: 2, code: 1, message, source: 's'.repeat(400) },
    { entry: 4, at: 2, level: 2, code: 1 },
    { entry: 6, at: 3, level: 2, code: 1, message: 'a\ud800' },
  ]);
  const told = await peer.read();
  expect(numbersOf(told)).toEqual([5, 6]);
  expect(told[0]?.message).toHaveLength(4_000);
  expect(told[0]?.message).toMatch(/^\ufffd\[2J\ufffdx+$/);
  expect(told[0]?.source).toHaveLength(255);
  expect(told[1]?.message).toBe('a\ufffd');
});
