// A probe is answered by the relay that was asked, in time and within bounds, and a relay of the former protocol is never asked.
import { expect, test } from 'vitest';
import type { ProbeResult } from '#shared/model/probe.ts';
import { settle } from '#test/fixtures/fake-clock.ts';
import { fakeDesk, linkHouse, peerNo } from '#test/fixtures/link-pair.ts';
import { ProbeDesk } from './probe-desk.ts';

const RESULT: ProbeResult = {
  lookup: 'literal',
  addresses: ['192.0.2.9'],
  ping: { answered: false, method: 'tcp' },
  ports: [],
  system: 'unknown',
  durationMs: 1,
};
const { relay } = peerNo(1);

async function house(protoMax = 2) {
  const desk = fakeDesk({ onProbed: (peer, answer) => probes.answered(peer.relay, answer) });
  const place = linkHouse(desk);
  const probes = new ProbeDesk({ clock: place.clock, registry: place.registry });
  const connected = place.connect();
  await connected.greet({ protoMax });
  return { ...place, ...connected, probes };
}

test('the answer reaches whoever asked, by its number', async () => {
  const { probes, socket, send } = await house();
  const first = probes.ask(relay, { address: 'a.example' });
  const second = probes.ask(relay, { address: '192.0.2.9', port: 2222 });
  expect(socket.of('PROBE')).toEqual([
    { probe: 1, address: 'a.example' },
    { probe: 2, address: '192.0.2.9', port: 2222 },
  ]);
  send('PROBED', { kind: 'result', probe: 2, result: RESULT });
  expect(await second).toEqual(RESULT);
  send('PROBED', { kind: 'refusal', probe: 1, code: 'denied', message: 'a.example:\u001b[2J no' });
  await expect(first).rejects.toMatchObject({ code: 'denied', message: 'a.example:\\u001b[2J no' });
});

test('another relay cannot answer for the one that was asked', async () => {
  const { probes, connect, clock } = await house();
  const asked = probes.ask(relay, { address: 'a.example' });
  const other = connect(peerNo(2));
  await other.greet({ protoMax: 2 });
  other.send('PROBED', { kind: 'result', probe: 1, result: RESULT });
  const late = expect(asked).rejects.toMatchObject({ code: 'timed-out' });
  await clock.advance(8_000);
  await late;
});

test('a relay of protocol 1 gets no PROBE, and the sentence says what to do', async () => {
  const { probes, socket } = await house(1);
  expect(socket.of('WELCOME')).toMatchObject([{ proto: 1 }]);
  await expect(probes.ask(relay, { address: 'a.example' })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('update it'),
  });
  expect(socket.of('PROBE')).toEqual([]);
});

test('a relay that is not connected cannot be asked', async () => {
  const { probes } = await house();
  const asked = probes.ask(peerNo(2).relay, { address: 'a.example' });
  await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
});

test('sixteen wait per relay, the next is refused, and a settled one makes room', async () => {
  const { probes, send } = await house();
  const asked = Array.from({ length: 16 }, () => probes.ask(relay, { address: 'a.example' }));
  await expect(probes.ask(relay, { address: 'a.example' })).rejects.toMatchObject({ code: 'rate-limited' });
  send('PROBED', { kind: 'result', probe: 1, result: RESULT });
  await asked[0];
  const next = probes.ask(relay, { address: 'a.example' });
  probes.forget(relay);
  const ends = await Promise.allSettled([...asked.slice(1), next]);
  expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
});

test('a link that closes and a caller that leaves end the wait', async () => {
  const { probes } = await house();
  const leaving = new AbortController();
  const left = probes.ask(relay, { address: 'a.example' }, leaving.signal);
  const cut = probes.ask(relay, { address: 'a.example' });
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'unavailable' });
  probes.forget(relay);
  await expect(cut).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('link closed') });
  await settle();
});
