// From what devices do to findings in lane 1: each opens and closes once, over crashes too, and silence has its reasons.
import { expect, onTestFinished, test } from 'vitest';
import { LayerId, WindowId } from '#shared/base/id.ts';
import type { Check } from '#shared/model/check.ts';
import type { FactRecord, StateRecord } from '#shared/model/record.ts';
import type { MaintenanceWindow, WatchLayer } from '#shared/model/watch-policy.ts';
import { SAMPLE_TIME, sampleDevice } from '#test/fixtures/sample-trust.ts';
import { PROCESS_CHECK, processPoll, WatchKit, type WatchKitOptions } from '#test/fixtures/watch-kit.ts';

const kitOf = (options: WatchKitOptions = {}) => new WatchKit(onTestFinished, options);
const LAYER = LayerId.parse('0190a000-0000-7000-8010-000000000001');
const layer = (settings: WatchLayer['settings']): WatchLayer => ({
  ...{ id: LAYER, name: 'all', level: 'site', priority: 0, isEnforced: false },
  settings,
});
const chassis = (n: number, chassisType: number): FactRecord => ({
  ...{ type: 'fact', device: sampleDevice(n), at: SAMPLE_TIME, kind: 'hardware', hash: '0'.repeat(64) },
  body: JSON.stringify({ chassisType, vendor: 'x' }),
});

test('a device that goes down and comes back is one finding, opened and cleared with its true times', async () => {
  const kit = kitOf().answers(1);
  await kit.clock.advance(60_000);
  kit.dies(1);
  await kit.clock.advance(60_000);
  kit.fails(1).answers(1);
  const [open, clear, ...more] = kit.findings();
  expect(more).toEqual([]);
  expect(open).toMatchObject({ state: 'open', step: 1, severity: 'critical', since: SAMPLE_TIME + 60_000, count: 1 });
  expect(open?.detail).toContain('unreachable');
  expect(clear).toMatchObject({ state: 'clear', step: 2, finding: open?.finding, at: SAMPLE_TIME + 120_000 });
  expect(kit.ledger.all).toEqual([]);
});

const watchingProcesses = { windows: [], layers: [layer({ checks: [PROCESS_CHECK] })] };

test('what is too much for its time opens, grows worse, and clears', async () => {
  const kit = kitOf({ document: watchingProcesses });
  const run = async (total: number, minutes: number) => {
    for (let i = 0; i < minutes; i += 1) {
      kit.site.polled(undefined, processPoll(1, kit.clock.now(), total));
      await kit.clock.advance(60_000);
    }
  };
  await run(50, 2);
  await run(150, 8);
  await run(250, 8);
  await run(50, 8);
  const findings = kit.findings();
  expect(findings.map(({ state, step, severity }) => `${state} ${step} ${severity}`)).toEqual([
    'open 1 medium',
    'change 2 critical',
    'clear 3 critical',
  ]);
  expect(new Set(findings.map(({ finding }) => finding)).size).toBe(1);
  expect(findings.map(({ since }) => (since - SAMPLE_TIME) / 60_000)).toEqual([2, 2, 18]);
  expect(findings[1]).toMatchObject({ value: 250, limit: 200 });
});

test('a crash between two records leaves nothing open twice and nothing open for ever', async () => {
  const kit = kitOf().answers(1, 2);
  kit.dies(1);
  await kit.restart();
  kit.dies(1);
  kit.dies(2);
  await kit.restart();
  kit.answers(1, 2);
  await kit.restart();
  kit.answers(1, 2);
  expect(kit.told()).toEqual([
    'open device.down 1',
    'open device.down 2',
    'clear device.down 1',
    'clear device.down 2',
  ]);
});

test('what was on its way to a finding goes on after a stop', async () => {
  const kit = kitOf({ document: watchingProcesses });
  const poll = async (times: number) => {
    for (let i = 0; i < times; i += 1) {
      kit.site.polled(undefined, processPoll(1, kit.clock.now(), 150));
      await kit.clock.advance(60_000);
    }
  };
  await poll(4);
  kit.site.save();
  await kit.restart();
  await poll(2);
  expect(kit.findings()).toMatchObject([{ state: 'open', since: SAMPLE_TIME }]);
});

test('what people switch off is away and no finding, over a restart at night too', async () => {
  const kit = kitOf();
  kit.site.fact(chassis(1, 9));
  kit.answers(1, 2);
  await kit.restart();
  kit.dies(1, 2);
  expect(kit.told()).toEqual(['open device.down 2']);
});

test('a layer that makes a device when-used ends its outage, one that makes it always-on begins it', () => {
  const kit = kitOf().answers(1).dies(1);
  kit.document = { windows: [], layers: [layer({ presence: 'when-used' })] };
  kit.site.settingsChanged();
  kit.document = { windows: [], layers: [] };
  kit.site.settingsChanged();
  expect(kit.told()).toEqual(['open device.down 1', 'clear device.down 1', 'open device.down 1']);
});

test('a check that a layer takes away clears what it had found', () => {
  const kit = kitOf().dies(1);
  kit.document = { windows: [], layers: [layer({ off: ['device.down'] })] };
  kit.site.settingsChanged();
  expect(kit.told()).toEqual(['open device.down 1', 'clear device.down 1']);
  expect(kit.findings()[1]?.detail).toContain('not watched');
});

test('what left the roster leaves nothing open, also when it left while the relay was stopped', async () => {
  const kit = kitOf().dies(1, 2);
  kit.setRoster([2, 3]);
  expect(kit.told().at(-1)).toBe('clear device.down 1');
  await kit.restart();
  kit.setRoster([3]);
  expect(kit.told().at(-1)).toBe('clear device.down 2');
  expect(kit.ledger.all).toEqual([]);
});

const WINDOW = WindowId.parse('0190a000-0000-7000-8011-000000000001');
/** From a minute after SAMPLE_TIME, for an hour. */
const night: MaintenanceWindow = {
  ...{ id: WINDOW, name: 'night', startsAt: '2026-11-22T00:01:00', zone: 'UTC', durationMs: 3_600_000 },
};

test('a window mutes what opens in it; at its end each thing that is still bad opens anew, once', async () => {
  const kit = kitOf({ document: { layers: [], windows: [night] } }).answers(1, 2, 3);
  kit.dies(3);
  await kit.clock.advance(120_000);
  kit.site.tick();
  kit.dies(1, 2);
  kit.answers(2);
  await kit.clock.advance(3_600_000);
  kit.site.tick();
  kit.site.tick();
  expect(kit.told()).toEqual([
    'open device.down 3',
    'change device.down 3 muted',
    'open device.down 1 muted',
    'open device.down 2 muted',
    'clear device.down 2 muted',
    'clear device.down 3 muted',
    'open device.down 3',
    'clear device.down 1 muted',
    'open device.down 1',
  ]);
  const [was, , , is] = kit.findings().slice(-4);
  expect(was?.finding).not.toBe(is?.finding);
  expect(is).toMatchObject({ step: 1, since: SAMPLE_TIME + 120_000 });
  kit.answers(1, 3);
  expect(kit.ledger.all).toEqual([]);
});

test('a disk that takes nothing loses no finding', async () => {
  const kit = kitOf().answers(1);
  const { spool } = kit;
  await spool.stop();
  kit.dies(1);
  expect(kit.site.stats()).toMatchObject({ open: 0, untold: 1 });
  kit.spool = kit.openAgain();
  kit.site.tick();
  expect(kit.told()).toEqual(['open device.down 1']);
  expect(kit.site.stats()).toMatchObject({ open: 1, untold: 0 });
});

test('a device that names other things at each poll fills no disk: people hear once, and what is open still clears', async () => {
  const each = { ...PROCESS_CHECK, when: { ...PROCESS_CHECK.when, forMs: 0 } } as typeof PROCESS_CHECK;
  const kit = kitOf({ document: { windows: [], layers: [layer({ checks: [each] })] } });
  for (let i = 0; i < 1_000; i += 1) {
    kit.site.polled(undefined, processPoll(1, kit.clock.now(), i % 2 === 0 ? 250 : 50));
    await kit.clock.advance(100);
  }
  const findings = kit.findings();
  const opened = findings.filter(({ state }) => state === 'open');
  expect(opened.length).toBeGreaterThanOrEqual(400);
  expect(opened.length).toBeLessThan(470);
  expect(findings.filter(({ state }) => state === 'clear')).toHaveLength(opened.length);
  expect(kit.floods).toEqual([sampleDevice(1)]);
  // Another device has a budget of its own.
  kit.dies(2);
  expect(kit.told().at(-1)).toBe('open device.down 2');
});

const SERVICES: Check = {
  ...{ id: 'test.services', name: 'Services', type: 'availability', isOn: true, advice: '' },
  when: { kind: 'state', of: 'service', is: ['failed'], severity: 'high', forMs: 0 },
};
const failed = (n: number, names: readonly number[], at: number): FactRecord => ({
  ...{ type: 'fact', device: sampleDevice(n), at, kind: 'services', hash: '0'.repeat(64) },
  body: JSON.stringify({ services: names.map((name) => ({ name: `s${name}`, active: 'failed' })) }),
});
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

test('what a flood left out is told when there is room again, and what ended meanwhile is not', async () => {
  const kit = kitOf({ document: { windows: [], layers: [layer({ checks: [SERVICES] })] } });
  const open = () => kit.ledger.all.filter(({ check }) => check === SERVICES.id).length;
  const later = async (minutes: number) => {
    for (let n = 0; n < minutes; n += 1) {
      await kit.clock.advance(60_000);
      kit.site.tick();
    }
  };
  kit.site.fact(failed(1, numbers(600), kit.clock.now()));
  expect([open(), kit.floods.length]).toEqual([400, 1]);
  await later(2);
  expect(open()).toBe(460);
  await later(10);
  expect(open()).toBe(500);
  kit.site.fact(failed(1, numbers(600).slice(50), kit.clock.now()));
  await later(10);
  expect(open()).toBe(500);
  kit.site.fact(failed(1, numbers(600).slice(590), kit.clock.now()));
  await later(1);
  const told = kit.findings().filter(({ check, state }) => check === SERVICES.id && state === 'open');
  expect([open(), new Set(told.map(({ instance }) => instance)).size, told.length]).toEqual([10, 560, 560]);
  expect(told.at(-1)?.detail).toContain('told late');
  expect(kit.ledger.owing.size).toBe(0);
});

test('a disk that is full for long costs no opening', async () => {
  const atOnce = { ...PROCESS_CHECK, when: { ...PROCESS_CHECK.when, forMs: 0 } } as typeof PROCESS_CHECK;
  const kit = kitOf({ document: { windows: [], layers: [layer({ checks: [SERVICES, atOnce] })] } });
  await kit.spool.stop();
  for (const total of [150, 250]) kit.site.polled(undefined, processPoll(1, kit.clock.now(), total));
  kit.site.fact(failed(1, numbers(300), kit.clock.now()));
  kit.spool = kit.openAgain();
  kit.site.tick();
  expect(kit.ledger.all).toHaveLength(301);
  expect(kit.ledger.find(sampleDevice(1), PROCESS_CHECK.id, '')).toMatchObject({ severity: 'critical' });
});

test('before the roster is set nothing is told: a window of a layer covers what its devices are not known to have', async () => {
  const windows = [{ ...night, layers: [LAYER] }];
  const kit = kitOf({ document: { layers: [layer({})], windows } });
  await kit.clock.advance(120_000);
  kit.dies(1);
  await kit.restart({ hasRoster: false });
  kit.site.tick();
  kit.site.settingsChanged();
  kit.setRoster([1, 2, 3]);
  kit.site.tick();
  expect(kit.told()).toEqual(['open device.down 1 muted']);
});

test('people are told that a machine which they switch off is away, and that one which refuses a login is down', () => {
  const kit = kitOf();
  kit.site.fact(chassis(1, 9));
  const state = (n: number, reason: StateRecord['reason']): StateRecord => ({
    ...{ type: 'state', device: sampleDevice(n), at: SAMPLE_TIME, status: 'down', reason, detail: 'no answer' },
  });
  expect(kit.site.shown(state(1, 'unreachable'))).toMatchObject({ status: 'unknown', detail: 'away: no answer' });
  expect(kit.site.shown(state(1, 'refused'))).toMatchObject({ status: 'unknown' });
  expect(kit.site.shown(state(1, 'denied'))).toMatchObject({ status: 'down', detail: 'no answer' });
  expect(kit.site.shown(state(2, 'unreachable'))).toMatchObject({ status: 'down' });
});
