// Proves that an answer about the past reaches who asked, and nobody else; that an end of the link or of patience is told.
import { expect, test } from 'vitest';
import type { RelayId } from '#shared/base/id.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { relayNo } from '#test/fixtures/stream-kit.ts';
import { HistoryDesk, type HistoryDeskDeps } from './history-desk.ts';

const RELAY = relayNo(1);
const QUESTION = { kind: 'coverage', from: 10, to: 20 } as const;

function rig(proto = 8) {
  const clock = new FakeClock();
  const sent: Array<{ kind: string; ask: number }> = [];
  const link = {
    stats: { proto },
    send: (_type: string, body: { kind: string; ask: number }) => sent.push(body) > 0,
  };
  const get = (relay: RelayId) => (relay === RELAY ? link : undefined);
  const registry = { get } as unknown as HistoryDeskDeps['registry']; // the members that are used
  return { clock, sent, desk: new HistoryDesk({ clock, registry }) };
}

test('an answer is told to have come, and reaches who asked, by number and relay', async () => {
  const { sent, desk } = rig();
  const asked = desk.ask(RELAY, QUESTION, { timeoutMs: 1_000 });
  desk.answered(relayNo(2), { kind: 'coverage', ask: 1, hours: [{ hour: 1, devices: 1, samples: 1 }] });
  desk.answered(RELAY, { kind: 'coverage', ask: 2, hours: [] });
  desk.answered(RELAY, { kind: 'coverage', ask: 1, hours: [{ hour: 10, devices: 2, samples: 3 }] });
  expect((await asked).hours).toEqual([{ hour: 10, devices: 2, samples: 3 }]);
  expect(sent).toMatchObject([
    { ...QUESTION, ask: 1 },
    { kind: 'got', ask: 2 },
    { kind: 'got', ask: 1 },
  ]);
});

test('an answer of another kind, a refusal and the end of the link each fail with their own code', async () => {
  const { desk } = rig();
  const [first, second, third] = [1, 2, 3].map(() => desk.ask(RELAY, QUESTION, { timeoutMs: 1_000 }));
  desk.answered(RELAY, { kind: 'chunks', ask: 1, series: [], chunks: [] });
  desk.answered(RELAY, { kind: 'refusal', ask: 2, code: 'unavailable', message: 'no disk' });
  desk.forget(RELAY);
  await expect(first).rejects.toMatchObject({ code: 'frame-unexpected' });
  await expect(second).rejects.toMatchObject({ code: 'unavailable', message: 'no disk' });
  await expect(third).rejects.toMatchObject({ code: 'unavailable' });
});

test('who gets no answer hears so in time, and the fifth who asks at once', async () => {
  const { clock, desk } = rig();
  const asked = [1, 2, 3, 4].map(() => desk.ask(RELAY, QUESTION, { timeoutMs: 3_000 }));
  await expect(desk.ask(RELAY, QUESTION, { timeoutMs: 3_000 })).rejects.toMatchObject({ code: 'rate-limited' });
  const all = Promise.allSettled(asked);
  await clock.advance(3_000);
  for (const one of await all) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'timed-out' } });
  const stopped = desk.ask(RELAY, QUESTION, { timeoutMs: 3_000, signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'unavailable' });
});

test('a relay of protocol 7 is never asked', async () => {
  const { sent, desk } = rig(7);
  expect(desk.canAsk(RELAY)).toBe(false);
  await expect(desk.ask(RELAY, QUESTION, { timeoutMs: 1_000 })).rejects.toMatchObject({ code: 'unavailable' });
  expect(sent).toEqual([]);
});
