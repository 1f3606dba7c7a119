// Every message passes as it is, and every negative that the table of messages implies is refused with a sentence that names it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SAMPLE_FRAMES } from '#test/fixtures/sample-frames.ts';
import { type Frame, type LinkState, MAX_FRAME_BYTES, MESSAGES, type MessageRule, type Side } from './frame.ts';
import { packMsgpack } from './msgpack.ts';
import { type Decoded, decodeFrame, type Expectation, encodeFrame } from './wire-codec.ts';

const SIDES: readonly Side[] = ['relay', 'console'];
const STATES: readonly LinkState[] = ['greeting', 'open'];

const cases = Object.values(SAMPLE_FRAMES).map((frame: Frame) => {
  const rule: MessageRule = MESSAGES[frame.type];
  const expectation: Expectation = { from: rule.from[0] ?? 'relay', state: rule.states[0] ?? 'open' };
  return { type: frame.type, frame, rule, expectation };
});

function refusalOf(decoded: Decoded) {
  if (decoded.ok) throw new Error(`${decoded.frame.type} was taken`);
  return decoded;
}
/** The bytes of a frame of this type whose body is anything. */
const frameWith = (type: string, body: unknown) => packMsgpack({ id: 1, type, body });

test.each(cases)('$type comes back as it was, from each sender in each state of its rule', ({ frame, rule }) => {
  const bytes = encodeFrame(frame);
  expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  for (const from of rule.from)
    for (const state of rule.states) expect(decodeFrame(bytes, { from, state })).toEqual({ ok: true, frame });
});

const senders = cases.flatMap((c) =>
  SIDES.filter((side) => !c.rule.from.includes(side)).map((from) => ({ ...c, from })),
);
test.each(senders)('$type is refused from a $from', ({ type, frame, from, expectation }) => {
  expect(decodeFrame(encodeFrame(frame), { ...expectation, from })).toMatchObject({
    ok: false,
    code: 'frame-unexpected',
    type,
    message: `${type}: not a message of a ${from}`,
  });
});

const states = cases.flatMap((c) => STATES.filter((s) => !c.rule.states.includes(s)).map((state) => ({ ...c, state })));
test.each(states)('$type is refused while the link is $state', ({ type, frame, state, expectation }) => {
  expect(decodeFrame(encodeFrame(frame), { ...expectation, state })).toMatchObject({
    ok: false,
    code: 'frame-unexpected',
    type,
    message: `${type}: not while the link is ${state}`,
  });
});

test.each(cases)(
  '$type is refused one byte over its size, before it is decoded',
  ({ type, rule, frame, expectation }) => {
    // Not even msgpack behind the head: only the size can be what is refused.
    const bytes = new Uint8Array(rule.maxBytes + 1).fill(0xc1);
    bytes.set(encodeFrame(frame).subarray(0, 30));
    expect(refusalOf(decodeFrame(bytes, expectation))).toMatchObject({ code: 'frame-oversized' });
    if (rule.maxBytes < MAX_FRAME_BYTES) expect(refusalOf(decodeFrame(bytes, expectation)).type).toBe(type);
  },
);

test.each(cases)('$type is refused with a body of another form, and the sentence begins with its name', (c) => {
  const { type, frame, expectation } = c;
  const strange: unknown[] = [{}, [], null, 7, 'x', true, { ...frame.body, surplus: 1 }, { body: frame.body }];
  for (const body of strange) {
    const refusal = refusalOf(decodeFrame(frameWith(type, body), expectation));
    expect(refusal).toMatchObject({ code: 'frame-malformed', type });
    expect(refusal.message.startsWith(`${type}: `)).toBe(true);
    expect(refusal.message.length).toBeLessThan(400);
  }
});

const members = cases.flatMap((c) => Object.keys(c.frame.body).map((member) => ({ ...c, member })));
test.each(members)('$type is refused when $member is of another form, and the sentence names it', (c) => {
  const { type, frame, member, expectation } = c;
  const bytes = frameWith(type, { ...frame.body, [member]: { strange: true } });
  const refusal = refusalOf(decodeFrame(bytes, expectation));
  expect(refusal).toMatchObject({ code: 'frame-malformed', type });
  expect(refusal.message).toContain(member);
});

test.each(cases)('$type cut anywhere, or with a byte behind its end, is refused', ({ frame, expectation }) => {
  const bytes = encodeFrame(frame);
  for (let length = 0; length < bytes.length; length += 1)
    expect(refusalOf(decodeFrame(bytes.subarray(0, length), expectation)).code).toBe('frame-malformed');
  expect(refusalOf(decodeFrame(Uint8Array.from([...bytes, 0xc0]), expectation)).message).toContain('1 bytes behind');
});

test.each([
  ['of another shape', packMsgpack({ type: 'ACK', id: 1, body: {} }), 'frame-malformed', 'id, type and body'],
  ['without an id', packMsgpack({ type: 'ACK', body: {} }), 'frame-malformed', 'id, type and body'],
  [
    'with a member too many',
    packMsgpack({ id: 1, type: 'ACK', body: {}, x: 1 }),
    'frame-malformed',
    'id, type and body',
  ],
  ['of a type in small letters', frameWith('ack', {}), 'frame-malformed', 'id, type and body'],
  ['of a type nobody knows', frameWith('PING', {}), 'frame-unexpected', 'PING: no such message'],
  ['numbered zero', packMsgpack({ id: 0, type: 'ACK', body: SAMPLE_FRAMES.ACK.body }), 'frame-malformed', 'id'],
  [
    'numbered by a fraction',
    packMsgpack({ id: 1.5, type: 'ACK', body: SAMPLE_FRAMES.ACK.body }),
    'frame-malformed',
    'id',
  ],
  ['of two megabytes', new Uint8Array(2 ** 21), 'frame-oversized', '2097152 bytes'],
  ['of no bytes', new Uint8Array(), 'frame-malformed', 'id, type and body'],
])('a frame %s is refused', (_what, bytes, code, message) => {
  const refusal = refusalOf(decodeFrame(bytes, { from: 'console', state: 'open' }));
  expect(refusal.code).toBe(code);
  expect(refusal.message).toContain(message);
});

test('members that are undefined are left out, not sent as something else', () => {
  const frame: Frame = { id: 1, type: 'FAULT', body: { code: 'denied', message: 'no', refusedType: undefined } };
  const decoded = decodeFrame(encodeFrame(frame), { from: 'relay', state: 'open' });
  expect(decoded).toStrictEqual({ ok: true, frame: { id: 1, type: 'FAULT', body: { code: 'denied', message: 'no' } } });
});

test('a frame that the peer would refuse for its size is not made', () => {
  const frame: Frame = {
    id: 1,
    type: 'STREAM',
    body: { kind: 'data', stream: 1, data: new Uint8Array(35_000) },
  };
  expect(() => encodeFrame(frame)).toThrow(/^STREAM: 350\d\d bytes, more than 34816/);
});

test('any damage to any frame is refused or is another good frame; nothing is thrown', () => {
  const good = cases.map(({ frame, expectation }) => ({ bytes: encodeFrame(frame), expectation }));
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...good), edits, ({ bytes, expectation }, changes) => {
      const damaged = bytes.slice();
      for (const [place, value] of changes) damaged[place % damaged.length] = value;
      const decoded = decodeFrame(damaged, expectation);
      if (decoded.ok) expect(decodeFrame(encodeFrame(decoded.frame), expectation)).toEqual(decoded);
      else expect(decoded.message.length).toBeLessThan(400);
    }),
    { numRuns: 3_000 },
  );
});
