// What the console carries of a session: bytes both ways within the credit, and nothing to anybody else.
import { expect, test } from 'vitest';
import { ManifestId, newId, RelayId } from '#shared/base/id.ts';
import { STREAM_WINDOW, type Stream, type StreamEnd } from '#shared/protocol/stream.ts';
import { MAX_STREAMS, StreamDesk } from './stream-desk.ts';

const relay = RelayId.parse(newId(1));
const other = RelayId.parse(newId(2));
const session = ManifestId.parse(newId(3));

function desk(proto = 10) {
  const sent: Stream[] = [];
  const made = new StreamDesk({
    registry: {
      get: () => ({ stats: { proto } }) as never, // all that is asked of a link
      send: (_relay, _type, body) => sent.push(body as Stream) > 0, // the type is STREAM
    },
  });
  const client = () => {
    const got: unknown[] = [];
    return {
      got,
      data: (bytes: Uint8Array) => void got.push([...bytes]),
      credit: (bytes: number) => void got.push(bytes),
      close: (reason: StreamEnd) => void got.push(reason),
    };
  };
  return { desk: made, sent, client };
}

test('bytes and credit pass both ways, and each end hears of the end', () => {
  const { desk: made, sent, client } = desk();
  const one = client();
  const line = made.open(relay, session, one);
  expect(made.take(relay, { kind: 'data', stream: 1, data: Uint8Array.of(7) })).toBe(true);
  expect(line.credit(256)).toBe(true);
  line.data(Uint8Array.of(8));
  expect(made.take(relay, { kind: 'credit', stream: 1, bytes: 256 })).toBe(true);
  line.end('left');
  expect(one.got).toEqual([[7], 256, 'left']);
  expect(sent.map(({ kind }) => kind)).toEqual(['open', 'credit', 'data', 'close']);
  expect([line.data(Uint8Array.of(1)), line.credit(1)]).toEqual([false, false]);
});

test('whoever sends beyond the window is cut off, and so is who gives back what never came', () => {
  for (const spoil of [
    (made: StreamDesk) => made.take(relay, { kind: 'credit', stream: 1, bytes: 1 }),
    (made: StreamDesk) => {
      const full = Array.from({ length: STREAM_WINDOW / 256 + 1 }, () => made.take(relay, tiny));
      return full.every(Boolean);
    },
  ]) {
    const { desk: made, client } = desk();
    const one = client();
    made.open(relay, session, one);
    expect(spoil(made)).toBe(false);
    expect(one.got.at(-1)).toBe('flooded');
    expect(made.size).toBe(0);
  }
});
const tiny: Stream = { kind: 'data', stream: 1, data: Uint8Array.of(1) };

test('a client is held to the window and to the size of a message as well', () => {
  const { desk: made, client } = desk();
  const line = made.open(relay, session, client());
  expect(line.data(new Uint8Array(40_000))).toBe(false);
  const next = made.open(relay, session, client());
  const taken = Array.from({ length: 12 }, () => next.data(new Uint8Array(32_000)));
  expect(taken.filter(Boolean)).toHaveLength(8);
  expect(made.size).toBe(0);
});

test('a relay cannot speak for the stream of another one, nor open one', () => {
  const { desk: made, client } = desk();
  const one = client();
  made.open(relay, session, one);
  made.take(other, { kind: 'data', stream: 1, data: Uint8Array.of(1) });
  expect(made.take(relay, { kind: 'open', stream: 1, session })).toBe(false);
  expect(made.take(relay, { kind: 'data', stream: 9, data: Uint8Array.of(1) })).toBe(false);
  expect(one.got).toEqual([]);
});

test('with the link of its relay a stream is over, and the session waits', () => {
  const { desk: made, client } = desk();
  const one = client();
  made.open(relay, session, one);
  made.forget(other);
  expect(one.got).toEqual([]);
  made.forget(relay);
  expect(one.got).toEqual(['left']);
});

test('a relay of before, and one stream too many, are refused', () => {
  expect(() => desk(9).desk.open(relay, session, desk().client())).toThrow(/opens no sessions/);
  const { desk: made, client } = desk();
  for (let count = 0; count < MAX_STREAMS; count += 1) made.open(relay, session, client());
  expect(() => made.open(relay, session, client())).toThrow(/already/);
});
