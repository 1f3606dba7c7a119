// A console that asks too much is answered, told to the audit, and gets no more than the bounds: 60 a minute, 8 at once.
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import type { ProbeResult } from '#shared/model/probe.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { Probed } from '#shared/protocol/probe.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { ProbeDesk } from './probe-desk.ts';
import type { ProbeTarget } from './probe-host.ts';

const RESULT: ProbeResult = {
  lookup: 'literal',
  addresses: ['192.0.2.9'],
  ping: { answered: false, method: 'tcp' },
  ports: [],
  system: 'unknown',
  durationMs: 1,
};

function bench(look: (target: ProbeTarget, clock: FakeClock) => Promise<ProbeResult>) {
  const clock = new FakeClock();
  const answers: Probed[] = [];
  const audits: AuditRecord[] = [];
  const refusals: AuditRecord[] = [];
  /** Audit rows that stood when each look began. */
  const toldBefore: number[] = [];
  let inside = 0;
  let most = 0;
  const desk = new ProbeDesk({
    clock,
    probe: async (target) => {
      toldBefore.push(audits.length);
      inside += 1;
      most = Math.max(most, inside);
      return look(target, clock).finally(() => {
        inside -= 1;
      });
    },
    onAudit: (record) => audits.push(record),
    onRefusal: (record) => refusals.push(record),
    answer: (answer) => answers.push(answer),
  });
  const ask = (probe: number) =>
    desk.receive({ probe, address: '192.0.2.9', ...(probe % 2 === 0 ? { port: 2222 } : {}) });
  return { clock, desk, ask, answers, audits, refusals, toldBefore, most: () => most };
}

const codes = (answers: readonly Probed[]) => answers.map((one) => (one.kind === 'result' ? 'ok' : one.code));

test('each look is in the audit before it begins', async () => {
  const { ask, answers, audits, toldBefore } = bench(async () => RESULT);
  await ask(1);
  await ask(2);
  expect(answers).toEqual([
    { kind: 'result', probe: 1, result: RESULT },
    { kind: 'result', probe: 2, result: RESULT },
  ]);
  expect(audits).toMatchObject([
    { type: 'audit', verb: 'relay.probe', detail: '192.0.2.9' },
    { verb: 'relay.probe', detail: '192.0.2.9, port 2222 too' },
  ]);
  expect(toldBefore).toEqual([1, 2]);
});

test('the sixty-first within a minute is refused, and the next minute brings sixty again', async () => {
  const { clock, ask, answers, audits, refusals } = bench(async () => RESULT);
  for (let i = 1; i <= 61; i += 1) {
    await ask(i);
    await clock.advance(900);
  }
  expect(codes(answers).slice(59)).toEqual(['ok', 'rate-limited']);
  expect(audits).toHaveLength(60);
  expect(refusals).toMatchObject([{ verb: 'relay.probe', code: 'rate-limited' }]);
  // The first of them are a minute old by now.
  await clock.advance(8_000);
  await ask(62);
  expect(codes(answers).at(-1)).toBe('ok');
});

test('eight at once, eight wait their turn, and what waits too long or finds the line full is refused', async () => {
  const { clock, ask, answers, most } = bench(async (_target, time) => {
    await time.sleep(1_500);
    return RESULT;
  });
  const all = Promise.all(Array.from({ length: 20 }, (_, i) => ask(i + 1)));
  await settle();
  expect(codes(answers)).toEqual(Array(4).fill('rate-limited'));
  await clock.advance(1_500);
  expect(codes(answers).filter((code) => code === 'ok')).toHaveLength(8);
  await clock.advance(1_500);
  await all;
  expect(codes(answers).filter((code) => code === 'ok')).toHaveLength(16);
  expect(most()).toBe(8);
});

test('a place that comes free after two seconds comes too late', async () => {
  const { clock, ask, answers } = bench(async (_target, time) => {
    await time.sleep(5_000);
    return RESULT;
  });
  const all = Promise.all(Array.from({ length: 9 }, (_, i) => ask(i + 1)));
  await clock.advance(2_000);
  expect(codes(answers)).toEqual(['rate-limited']);
  await clock.advance(3_000);
  await all;
  expect(codes(answers)).toHaveLength(9);
});

test('an address that no relay may probe is answered and audited; what breaks is answered too', async () => {
  const { ask, answers, refusals } = bench(async ({ port }) => {
    if (port === undefined) throw new AppError('denied', '192.0.2.9 is a multicast address: not probed');
    throw new Error('broken');
  });
  await ask(1);
  await ask(2);
  expect(codes(answers)).toEqual(['denied', 'internal']);
  expect(refusals).toMatchObject([{ code: 'denied', detail: expect.stringContaining('multicast') }]);
});

test('a stop ends what waits', async () => {
  const { desk, ask, answers, clock } = bench(async (_target, time) => {
    await time.sleep(1_000);
    return RESULT;
  });
  const all = Promise.all(Array.from({ length: 10 }, (_, i) => ask(i + 1)));
  const stopped = desk.stop();
  await settle();
  expect(codes(answers)).toEqual(['rate-limited', 'rate-limited']);
  await clock.advance(1_000);
  await Promise.all([all, stopped]);
});
