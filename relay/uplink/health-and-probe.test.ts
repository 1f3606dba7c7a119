// A console of protocol 2 hears how the relay is and may ask it to probe; one of protocol 1 links and hears nothing new. Nor does one of 5 hear a witness.
import { expect, onTestFinished, test } from 'vitest';
import { settle } from '#test/fixtures/fake-clock.ts';
import { SAMPLE_FRAMES } from '#test/fixtures/sample-frames.ts';
import { makeLink } from '#test/fixtures/uplink-kit.ts';

const HEALTH = SAMPLE_FRAMES.HEALTH.body;
const ANSWER = { kind: 'refusal', probe: 4, code: 'denied', message: 'no' } as const;

async function opened(proto: number, health = () => HEALTH) {
  const link = makeLink(onTestFinished, health);
  link.peer.proto = proto;
  link.uplink.start();
  await settle();
  expect(link.uplink.isConnected).toBe(true);
  const told = () => link.peer.frames.filter(({ type }) => type === 'HEALTH' || type === 'PROBED');
  return { ...link, told };
}

test('health goes out when the link opens and every ten seconds after', async () => {
  const { clock, told, peer } = await opened(2);
  expect(told().map(({ body }) => body)).toEqual([HEALTH]);
  await clock.advance(9_000);
  expect(told()).toHaveLength(1);
  await clock.advance(11_000);
  expect(told()).toHaveLength(3);
  expect(peer.broken).toEqual([]);
});

test('a broken glass is told to a console that knows the word, and an older one hears the rest', async () => {
  const health = () => ({ ...HEALTH, breakGlassUntil: 77 });
  expect((await opened(4, health)).told().map(({ body }) => body)).toEqual([health()]);
  expect((await opened(3, health)).told().map(({ body }) => body)).toEqual([HEALTH]);
});

test('a question is handed on, and its answer goes out', async () => {
  const { peer, uplink, calls, told } = await opened(2);
  peer.send('PROBE', { probe: 4, address: '192.0.2.7', port: 22 });
  await settle();
  expect(calls).toEqual(['probe {"probe":4,"address":"192.0.2.7","port":22}']);
  expect(uplink.tell({ type: 'PROBED', body: ANSWER })).toBe(true);
  await settle();
  expect(told().at(-1)).toMatchObject({ type: 'PROBED', body: ANSWER });
});

test('a console of protocol 1 links as ever and is sent neither', async () => {
  const { clock, uplink, told, peer } = await opened(1);
  await clock.advance(60_000);
  expect(uplink.tell({ type: 'PROBED', body: ANSWER })).toBe(false);
  await settle();
  expect(told()).toEqual([]);
  expect(peer.broken).toEqual([]);
  expect(uplink.isConnected).toBe(true);
});

test('an answer finds nobody while there is no link', async () => {
  const { uplink } = makeLink(onTestFinished);
  expect(uplink.tell({ type: 'PROBED', body: ANSWER })).toBe(false);
});

test('a relay that cannot say how it is keeps its link', async () => {
  const { clock, uplink, told } = await opened(2, () => {
    throw new Error('no such disk');
  });
  await clock.advance(30_000);
  expect(told()).toEqual([]);
  expect(uplink.isConnected).toBe(true);
});

test('only a console of protocol 6 hears the relay as a witness', async () => {
  const message = SAMPLE_FRAMES.WITNESS.body;
  for (const [proto, isTold] of [
    [5, false],
    [6, true],
  ] as const) {
    const { uplink, peer } = await opened(proto);
    expect(uplink.tell({ type: 'WITNESS', body: message })).toBe(isTold);
    await settle();
    expect(peer.frames.some(({ type }) => type === 'WITNESS')).toBe(isTold);
    expect(peer.broken).toEqual([]);
  }
});

test('only a console of protocol 8 is told of history, in an answer or in HEALTH', async () => {
  const health = { ...SAMPLE_FRAMES.HEALTH.body, history: { days: 30, bytes: 720_000_000 } };
  for (const [proto, isTold] of [
    [7, false],
    [8, true],
  ] as const) {
    const { uplink, peer } = await opened(proto, () => health);
    expect(uplink.tell({ type: 'CHUNKS', body: SAMPLE_FRAMES.CHUNKS.body })).toBe(isTold);
    await settle();
    expect(peer.frames.some(({ type }) => type === 'CHUNKS')).toBe(isTold);
    const told = peer.frames.flatMap((frame) => (frame.type === 'HEALTH' ? [frame.body] : []));
    expect(told.map((one) => 'history' in one)).toEqual([isTold]);
    expect(peer.broken).toEqual([]);
  }
});

test('history has the line only while the socket holds nothing, and one answer at a time', async () => {
  const { uplink, peer } = await opened(8);
  expect(uplink.historyRoom).toBeGreaterThan(0);
  peer.buffered = 1;
  expect(uplink.historyRoom).toBe(0);
  peer.buffered = 0;
  expect(uplink.tell({ type: 'CHUNKS', body: SAMPLE_FRAMES.CHUNKS.body })).toBe(true);
  expect(uplink.historyRoom).toBe(0);
  peer.send('HISTORY', { kind: 'got', ask: SAMPLE_FRAMES.CHUNKS.body.ask });
  await settle();
  expect(uplink.historyRoom).toBeGreaterThan(0);
});
