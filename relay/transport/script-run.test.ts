// One script's life without a shell: each way it can end, on a clock that the test moves.
import { expect, test } from 'vitest';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { printable } from './script-output.ts';
import { type RunCarrier, ScriptRun } from './script-run.ts';
import type { RunRequest } from './transport.ts';

const never = new AbortController().signal;

class FakeCarrier implements RunCarrier {
  run: ScriptRun | undefined;
  kills: Array<number | undefined> = [];
  isReleased = 0;
  killWorks = true;
  #nonce = '';

  start(stdin: string, run: ScriptRun): void {
    this.run = run;
    this.#nonce = /rmm-[0-9a-f]+/.exec(stdin)?.[0] ?? '';
  }
  async kill(group: number | undefined): Promise<boolean> {
    this.kills.push(group);
    return this.killWorks;
  }
  release(): void {
    this.isReleased += 1;
  }
  begin(group = 77): void {
    this.say(`${this.#nonce} ${group}\n`);
  }
  say(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.run?.received(stream, Buffer.from(text));
  }
}

function start(more: Partial<RunRequest> = {}, signal: AbortSignal = never) {
  const clock = new FakeClock();
  const carrier = new FakeCarrier();
  const request = { script: ':', timeoutMs: 5_000, maxOutputBytes: 10, ...more };
  const run = new ScriptRun(request, carrier, { clock, random: seededBytes(3), name: 'web-1' });
  return { clock, carrier, verdict: run.finish(signal) };
}

test('an end followed by closed outputs is a clean result', async () => {
  const { carrier, verdict, clock } = start();
  carrier.begin();
  carrier.say('hi');
  carrier.run?.exited({ kind: 'exit', code: 3 });
  carrier.run?.closed();
  expect(await verdict).toMatchObject({
    isClean: true,
    outcome: { ok: true, value: { end: { code: 3 }, hasOpenChild: false } },
  });
  expect(carrier.isReleased).toBe(1);
  expect(clock.sleeping).toBe(0);
});

test('output that still arrives after the end is waited for, a silent child for one second only', async () => {
  const { carrier, verdict, clock } = start({ maxOutputBytes: 100 });
  carrier.begin();
  carrier.run?.exited({ kind: 'exit', code: 0 });
  await clock.advance(900);
  carrier.say('late');
  await clock.advance(999);
  expect(carrier.isReleased).toBe(0);
  await clock.advance(1);
  const { outcome } = await verdict;
  expect(outcome).toMatchObject({ ok: true, value: { hasOpenChild: true } });
  expect(outcome.ok && Buffer.from(outcome.value.stdout).toString()).toBe('late');
});

test('a child that keeps printing is left after five seconds', async () => {
  const { carrier, verdict, clock } = start({ timeoutMs: 60_000, maxOutputBytes: 1_000 });
  carrier.begin();
  carrier.run?.exited({ kind: 'exit', code: 0 });
  for (let i = 0; i < 10; i += 1) {
    carrier.say('x');
    await clock.advance(500);
  }
  expect((await verdict).outcome).toMatchObject({ ok: true, value: { hasOpenChild: true } });
});

test('a deadline while only a child is left keeps the result', async () => {
  const { carrier, verdict, clock } = start({ timeoutMs: 500 });
  carrier.begin();
  carrier.run?.exited({ kind: 'exit', code: 0 });
  await clock.advance(500);
  expect((await verdict).outcome).toMatchObject({ ok: true, value: { hasOpenChild: true } });
  expect(carrier.kills).toEqual([]);
});

test('a deadline kills the announced group', async () => {
  const { carrier, verdict, clock } = start();
  carrier.begin(4711);
  await clock.advance(5_000);
  expect(await verdict).toMatchObject({ isClean: true, outcome: { ok: false, reason: 'timed-out' } });
  expect(carrier.kills).toEqual([4711]);
});

test('a kill that is not confirmed leaves the connection unclean and says so', async () => {
  const stop = new AbortController();
  const { carrier, verdict } = start({}, stop.signal);
  carrier.killWorks = false;
  carrier.begin();
  stop.abort();
  const { outcome, isClean } = await verdict;
  expect(isClean).toBe(false);
  expect(outcome).toMatchObject({ ok: false, reason: 'cancelled', detail: expect.stringContaining('not confirmed') });
});

test('output between cancel and end of the kill is not taken', async () => {
  const stop = new AbortController();
  const { carrier, verdict } = start({}, stop.signal);
  carrier.begin();
  stop.abort();
  carrier.say('x'.repeat(1_000));
  carrier.run?.exited({ kind: 'exit', code: 0 });
  carrier.run?.closed();
  expect((await verdict).outcome).toMatchObject({ ok: false, reason: 'cancelled' });
});

test('a lost connection is lost, whatever had been printed', async () => {
  const { carrier, verdict } = start();
  carrier.begin();
  carrier.say('half');
  carrier.run?.broke('lost', 'the connection was lost');
  expect(await verdict).toMatchObject({
    isClean: false,
    outcome: { ok: false, reason: 'lost', detail: 'web-1: the connection was lost' },
  });
});

test('more than the cap ends a poll; each stream has its own cap', async () => {
  const { carrier, verdict } = start();
  carrier.begin();
  carrier.say('0123456789');
  carrier.say('', 'stderr');
  await settle();
  expect(carrier.kills).toEqual([]);
  carrier.say('x');
  expect((await verdict).outcome).toMatchObject({ ok: false, reason: 'too-large' });
});

test('who is stopped before it begins never starts', async () => {
  const stop = new AbortController();
  stop.abort();
  const { carrier, verdict } = start({}, stop.signal);
  expect((await verdict).outcome).toMatchObject({ ok: false, reason: 'cancelled' });
  expect(carrier.run).toBeUndefined();
});

test('text of a device is harmless in our messages', () => {
  expect(printable('a\u001b]0;x\u0007\r\nb\u0000'.padEnd(500, 'c'), 20)).toBe('a ]0;x b cccccccccccc'.slice(0, 20));
});
