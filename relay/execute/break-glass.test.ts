// Proves who may break the glass and what it gives: files of others count for nothing, named devices, its time, told loudly.
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkUser } from '#relay/commands/break-glass-commands.ts';
import { PermitStore } from '#relay/pin/permit-store.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { Freeze } from '#shared/model/freeze.ts';
import type { AuditRecord, OutcomeRecord, RelayEventRecord } from '#shared/model/record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { bench, charter, DEVICE, id, identity, NOW, OTHER, settled } from '#test/fixtures/executor-bench.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { BreakGlassDesk } from './break-glass-desk.ts';
import { answerFile, glassFolder, openGlassFolder, requestFile } from './glass-drop.ts';

const MINUTE = 60_000;
const uuid = (n: number) => id(9_000 + n);
const isRoot = process.getuid?.() === 0;

type Options = NonNullable<Parameters<typeof bench>[0]>;

/** `behindMs`: how far the clock of the machine is behind the newest signed time, which the relay goes by. */
function rig({ behindMs = 0, ...options }: Options & { behindMs?: number } = {}) {
  const data = tempFolder(onTestFinished);
  openGlassFolder(data);
  let desk: BreakGlassDesk | undefined;
  let permits: PermitStore | undefined;
  const b = bench({
    ...options,
    permit: () => permits?.current,
    onOutcomes: (records: readonly OutcomeRecord[]) => desk?.observe(records),
  });
  const made = new PermitStore(data, { clock: b.clock, onEnd: (permit, why) => desk?.ended(permit, why) });
  permits = made;
  const told: Array<AuditRecord | RelayEventRecord> = [];
  const disk = { isFull: false };
  // The members that are read.
  const roster = [DEVICE, OTHER].map((device, n) => ({ device, name: `srv-${n + 1}` })) as unknown as RosterEntry[];
  desk = new BreakGlassDesk({
    ...{ data, clock: b.clock, log: silentLogger, permits: made, executor: b.executor },
    machineNow: () => b.clock.now() - behindMs,
    pins: { get: () => identity },
    roster: () => roster,
    place: () => ({ site: charter.site, relay: id(2) as never, charter }), // the bench's own relay
    outbox: {
      addRecord: (_lane, record) => {
        if (disk.isFull) throw new AppError('spool-full', 'no room');
        told.push(record);
      },
    },
    onRefused: (record) => void told.push(record),
  });
  const drop = (n: number, request: object) =>
    writeFileSync(requestFile(data, uuid(n)), JSON.stringify({ at: b.clock.now() - behindMs, by: 'ada', ...request }), {
      mode: 0o600,
    });
  const answer = (n: number) => JSON.parse(readFileSync(answerFile(data, uuid(n)), 'utf8'));
  const asked = async (n: number, request: object) => {
    drop(n, request);
    await desk?.look();
    return answer(n);
  };
  const look = () => desk?.look();
  return { ...b, b, data, told, disk, drop, answer, asked, look, permits: made };
}

const open = { kind: 'open', minutes: 15, devices: ['srv-1'], reason: 'the console burned', isThroughFreeze: false };
const run = { kind: 'run', devices: ['srv-1'], command: 'uptime', timeoutMs: 5_000 };

test('a person opens it, runs a command without any signature and has its outcome; all of it is told as critical', async () => {
  const { b, asked, drop, look, answer, told, ran, events } = rig();
  expect(await asked(1, open)).toMatchObject({ ok: true, expiresAt: NOW + 15 * MINUTE });
  drop(2, run);
  await look();
  await settled(b, 1);
  expect(ran).toEqual(['uptime']);
  expect(answer(2)).toMatchObject({ ok: true, text: expect.stringContaining('srv-1: succeeded, exit 0') });
  expect(told.flatMap((record) => (record.type === 'audit' ? [record.verb] : []))).toEqual([
    'break-glass.open',
    'break-glass.run',
  ]);
  const alarms = told.filter((record) => record.type === 'relay-event');
  expect(alarms).toMatchObject([{ code: 'break-glass', severity: 'critical' }, { severity: 'critical' }]);
  expect(alarms[0]?.detail).toContain('ada broke the glass for 15 min on srv-1: the console burned');
  expect(events).toMatchObject([{ type: 'firing', source: 'break-glass', devices: [DEVICE] }]);
});

test('without a permit, after its end, after it was closed and on another device nothing runs', async () => {
  const { asked, clock, ran, told } = rig();
  expect(await asked(1, run)).toMatchObject({ ok: false, text: expect.stringContaining('[break-glass]') });
  await asked(2, open);
  expect(await asked(3, { ...run, devices: ['srv-1', 'srv-2'] })).toMatchObject({ ok: false });
  await clock.advance(15 * MINUTE);
  expect(await asked(4, run)).toMatchObject({ ok: false, text: expect.stringContaining('time is over') });
  await asked(5, open);
  await asked(6, { kind: 'close' });
  expect(await asked(7, run)).toMatchObject({ ok: false });
  expect(ran).toEqual([]);
  expect(told.filter((record) => record.type === 'audit' && record.verb === 'break-glass.refuse')).toHaveLength(4);
});

test('a frozen site stays frozen, unless the person says so', async () => {
  // Only its presence counts here.
  const frozen = { kind: 'freeze', id: 'f', at: NOW } as unknown as Freeze;
  const held = rig({ frozen: () => frozen });
  await held.asked(1, open);
  expect(await held.asked(2, run)).toMatchObject({ ok: false, text: expect.stringContaining('[frozen]') });
  expect(held.ran).toEqual([]);
  const through = rig({ frozen: () => frozen });
  await through.asked(1, { ...open, isThroughFreeze: true });
  through.drop(2, run);
  await through.look();
  await settled(through.b, 1);
  expect(through.ran).toEqual(['uptime']);
});

test('a glass of which nobody can be told stays whole', async () => {
  const { asked, disk, permits } = rig();
  disk.isFull = true;
  expect(await asked(1, open)).toMatchObject({ ok: false, text: expect.stringContaining('[spool-full]') });
  expect(permits.current).toBeUndefined();
});

test('a machine whose clock fell behind the newest signed time can be helped', async () => {
  const { asked, permits } = rig({ behindMs: 20 * 365 * 86_400_000 });
  expect(await asked(1, open)).toMatchObject({ ok: true });
  expect(permits.current).toBeDefined();
});

test('the caps of the charter hold', async () => {
  const { asked, ran } = rig();
  await asked(1, open);
  expect(await asked(2, { ...run, timeoutMs: 61_000 })).toMatchObject({
    ok: false,
    text: expect.stringContaining('[cap-exceeded]'),
  });
  expect(ran).toEqual([]);
});

test('an hour is the longest that can be asked for', async () => {
  expect(await rig().asked(1, { ...open, minutes: 61 })).toMatchObject({ ok: false });
});

test('an old request, one that others may read, a link and a second name count for nothing', async () => {
  const { data, look, answer, drop, permits, clock } = rig();
  drop(1, { ...open, at: NOW - 61_000 });
  drop(2, open);
  chmodSync(requestFile(data, uuid(2)), 0o644);
  const elsewhere = path.join(data, 'elsewhere.json');
  writeFileSync(elsewhere, JSON.stringify({ ...open, at: clock.now(), by: 'eve' }), { mode: 0o600 });
  symlinkSync(elsewhere, requestFile(data, uuid(3)));
  linkSync(elsewhere, requestFile(data, uuid(4)));
  mkdirSync(requestFile(data, uuid(5)));
  await look();
  for (const n of [1, 2, 3, 4, 5]) expect(answer(n).ok).toBe(false);
  expect(permits.current).toBeUndefined();
  expect(existsSync(elsewhere)).toBe(true);
  expect(existsSync(requestFile(data, uuid(5)))).toBe(false);
});

test.runIf(isRoot)(
  'a request of another user counts for nothing, and a folder of another user is not opened',
  async () => {
    const { data, drop, look, answer, permits } = rig();
    drop(1, open);
    chownSync(requestFile(data, uuid(1)), 65_534, 65_534);
    await look();
    expect(answer(1)).toMatchObject({ ok: false, text: expect.stringContaining('user 65534') });
    expect(permits.current).toBeUndefined();
    chownSync(glassFolder(data), 65_534, 65_534);
    expect(() => openGlassFolder(data)).toThrow('own user alone');
  },
);

test('what lay there before the relay started is gone', () => {
  const data = tempFolder(onTestFinished);
  mkdirSync(glassFolder(data), { mode: 0o700 });
  writeFileSync(requestFile(data, uuid(1)), '{}', { mode: 0o600 });
  openGlassFolder(data);
  expect(existsSync(requestFile(data, uuid(1)))).toBe(false);
});

test('root and the user of the relay may ask, nobody else', () => {
  checkUser(0, 990);
  checkUser(990, 990);
  for (const uid of [1_000, undefined]) expect(() => checkUser(uid, 990)).toThrow('only root');
});
