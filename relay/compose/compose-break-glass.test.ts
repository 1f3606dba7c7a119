// Proves that who waits at the terminal hears of what is on disk and of nothing else, and that an end is told although nobody listened yet.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { answerFile, glassFolder, requestFile } from '#relay/execute/glass-drop.ts';
import type { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { AuditRecord, OutcomeRecord, RelayEventRecord } from '#shared/model/record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { charter, DEVICE, id, identity, NOW } from '#test/fixtures/executor-bench.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { composeBreakGlass } from './compose-break-glass.ts';

const REQUEST = id(9_001);
type Told = AuditRecord | RelayEventRecord | OutcomeRecord;

/** A spool that keeps what was committed, and fails when it is told to. */
function fakeSpool() {
  const kept: Told[] = [];
  const state = { fails: 0 };
  const spool = {
    transact: (work: (db: never) => unknown): unknown => {
      const before = kept.length;
      const result = work(undefined as never);
      if (state.fails === 0) return result;
      // As where room is made: rolled back, and tried a second time.
      state.fails -= 1;
      kept.length = before;
      if (state.fails > 0) throw new Error('no room');
      return spool.transact(work);
    },
    addRecord: (_lane: number, record: Told) => void kept.push(record),
    addRecords: (_lane: number, records: readonly Told[]) => void kept.push(...records),
  };
  return { kept, state, spool: spool as unknown as DurableSpool }; // the members that are used
}

async function rig(data = tempFolder(onTestFinished), now = NOW) {
  const clock = new FakeClock(now);
  const { kept, state, spool } = fakeSpool();
  const stack = new StopStack({ clock, log: silentLogger });
  onTestFinished(() => stack.stop(1_000));
  const glass = composeBreakGlass({
    ...{ data, clock, stack, spool, log: silentLogger },
    pins: { get: () => identity },
    machineNow: () => clock.now(),
    roster: () => [{ device: DEVICE, name: 'srv' }] as unknown as RosterEntry[], // the members that are read
    place: () => ({ site: charter.site, relay: id(2) as never, charter }), // the bench's own
    onRefused: () => undefined,
  });
  return { data, clock, kept, state, glass };
}

type Rig = Awaited<ReturnType<typeof rig>>;

const openRequest = { kind: 'open', minutes: 15, devices: ['srv'], reason: 'fire', isThroughFreeze: false };
const runRequest = { kind: 'run', devices: ['srv'], command: 'uptime', timeoutMs: 5_000 };

async function ask({ data, clock }: Rig, request: object): Promise<void> {
  const file = requestFile(data, REQUEST);
  writeFileSync(file, JSON.stringify({ at: clock.now(), by: 'ada', ...request }), { mode: 0o600 });
  await clock.advance(1_000);
}

const answered = ({ data }: Rig): { ok: boolean; text: string } | undefined => {
  try {
    return JSON.parse(readFileSync(answerFile(data, REQUEST), 'utf8'));
  } catch {
    return undefined; // not yet
  }
};

/** One order under a permit whose outcome is about to be written. */
async function running(one: Rig): Promise<OutcomeRecord[]> {
  let order = '';
  one.glass.start({
    fire: async (own) => {
      order = own.kind === 'break-glass' ? own.order.id : '';
      return undefined;
    },
  });
  await ask(one, openRequest);
  rmSync(answerFile(one.data, REQUEST), { force: true });
  await ask(one, runRequest);
  expect(order).not.toBe('');
  return [{ type: 'outcome', manifest: order as never, device: DEVICE, at: NOW, state: 'succeeded' }]; // its own id
}

test('an outcome whose commit failed is told to nobody, and one that was tried twice is told once', async () => {
  const one = await rig();
  const records = await running(one);
  one.state.fails = 2;
  const write = () => one.glass.outbox.transact(() => one.glass.outbox.addRecords(0, records));
  expect(write).toThrow('no room');
  expect(answered(one)).toBeUndefined();
  one.state.fails = 1;
  write();
  expect(answered(one)?.text.match(/srv: succeeded/g)).toHaveLength(1);
});

test('an answer that cannot be written undoes no outcome', async () => {
  const one = await rig();
  const records = await running(one);
  rmSync(glassFolder(one.data), { recursive: true });
  writeFileSync(glassFolder(one.data), '');
  one.glass.outbox.transact(() => one.glass.outbox.addRecords(0, records));
  expect(one.kept.at(-1)).toEqual(records[0]);
});

test('a permit that is over before anybody listens is told to be over', async () => {
  const one = await rig();
  one.glass.start({ fire: async () => undefined });
  await ask(one, openRequest);
  expect(one.glass.permits.current).toBeDefined();
  const next = await rig(one.data, NOW + 3_600_000);
  // As an order that is taken up again asks for it, before the desk stands.
  expect(next.glass.permits.current).toBeUndefined();
  expect(next.kept).toEqual([]);
  next.glass.start({ fire: async () => undefined });
  expect(next.kept).toMatchObject([{ verb: 'break-glass.close' }, { code: 'break-glass' }]);
});
