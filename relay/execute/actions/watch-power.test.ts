// What counts as another boot, as gone and as awake: only what was seen.
import { expect, test } from 'vitest';
import type { Session, SessionPool } from '#relay/transport/transport.ts';
import { DeviceId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { isOtherBoot, type PowerWatch, seeAwake, seeGone, seeReboot } from './watch-power.ts';

const identity: DeviceIdentity = { machineId: 'abcdef0123456789', macs: [] };
const gone = fail('unreachable', 'no route');

function session(boot: string, shown = identity): Outcome<Session> {
  const stdout = Buffer.from(`boot ${boot}\n`);
  const run = () => Promise.resolve(succeed({ stdout }));
  return succeed({ system: 'linux', identity: shown, run } as unknown as Session); // the part of a session that is used
}

/** Answers in their order, the last one again and again. */
function watchOf(answers: ReadonlyArray<Outcome<Session>>, ms = 60_000) {
  const clock = new FakeClock(0);
  let n = 0;
  const pool: SessionPool = {
    session: () => Promise.resolve(answers[Math.min(n++, answers.length - 1)] ?? gone),
    drop: () => undefined,
    stop: () => Promise.resolve(),
  };
  const entry = { device: DeviceId.parse('00000000-0000-7000-8000-000000000003'), name: 'srv' } as PowerWatch['entry'];
  const abort = new AbortController();
  const watch: PowerWatch = { clock, pool, entry, identity, order: undefined, signal: abort.signal, until: ms };
  return { watch, clock, abort, asked: () => n };
}

async function seen<T>(clock: FakeClock, looking: Promise<T>): Promise<T> {
  let isOver = false;
  const over = looking.finally(() => {
    isOver = true;
  });
  for (let steps = 0; !isOver && steps < 1_000; steps += 1) await clock.advance(500);
  return over;
}

test.each([
  ['a', 'b', true],
  ['a', 'a', false],
  ['1700000000', '1700000020', false],
  ['1700000000', '1700000100', true],
])('boot %s and then %s: another one is %s', (before, after, is) => expect(isOtherBoot(before, after)).toBe(is));

test('a reboot is seen when the same machine is back with another boot', async () => {
  const { watch, clock } = watchOf([session('one'), gone, gone, session('two')]);
  expect(await seen(clock, seeReboot(watch, 'one'))).toMatch(/^rebooted: back after \d+ s/);
});

test('another machine at its address proves nothing', async () => {
  const { watch, clock } = watchOf([session('two', { machineId: '9999999999999999', macs: [] })]);
  expect(await seen(clock, seeReboot(watch, 'one'))).toBeUndefined();
  const wake = watchOf([session('two', { machineId: '9999999999999999', macs: [] })]);
  expect(await seen(wake.clock, seeAwake(wake.watch))).toBeUndefined();
});

test('gone is twice no answer in a row; a wrong password is an answer', async () => {
  const { watch, clock } = watchOf([gone, session('one'), gone, gone]);
  expect(await seen(clock, seeGone(watch))).toContain('does not answer');
  const alive = watchOf([fail('denied', 'wrong password')]);
  expect(await seen(alive.clock, seeGone(alive.watch))).toBeUndefined();
});

test('it looks within its time, seldom enough for a login, and not after a cancel', async () => {
  const { watch, clock, asked } = watchOf([gone], 300_000);
  const looking = seeAwake(watch);
  expect(await seen(clock, looking)).toBeUndefined();
  expect(asked()).toBeLessThan(40);
  const stopped = watchOf([gone]);
  stopped.abort.abort();
  expect(await seeAwake(stopped.watch)).toBeUndefined();
  expect(stopped.asked()).toBe(0);
});
