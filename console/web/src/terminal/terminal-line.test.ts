// Keys and output, a cut that is mended, and every way in which a line is over.
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { readBegin, readToRelay, type ToClient, writeToClient } from '#shared/model/terminal-message.ts';
import type { AttachOptions } from '#shared/seal/attached-session.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { type LineState, TerminalLine } from './terminal-line.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (line: string) => new TextEncoder().encode(line);

/** A relay that the test speaks for; each attachment is one entry. */
function rig(refuse: () => unknown = () => undefined) {
  const clock = new FakeClock();
  const states: LineState[] = [];
  const shown: string[] = [];
  const attachments: Array<{ options: AttachOptions; sent: string[]; end: (why: string | Error) => void }> = [];
  const line = new TerminalLine({
    clock,
    attach: async (options) => {
      const refused = refuse();
      if (refused !== undefined) throw refused;
      const sent: string[] = [];
      let end: (why: string | Error) => void = () => undefined;
      const ended = new Promise<string>((resolve, reject) => {
        end = (why) => (typeof why === 'string' ? resolve(why) : reject(why));
      });
      attachments.push({ options, sent, end });
      const send = async (plain: Uint8Array) => {
        const said = readToRelay(plain);
        sent.push(said.type === 'input' ? text(said.bytes) : `${said.size.cols}x${said.size.rows}`);
      };
      return { send, close: () => end('left'), ended };
    },
    refusal: (error) => (error === 'gone' ? 'unknown' : error === 'no' ? 'forbidden' : undefined),
    size: () => ({ cols: 80, rows: 24 }),
    onOutput: (output) => void shown.push(text(output)),
    onGap: () => void shown.push('[gap]'),
    onState: (state) => states.push(state),
  });
  const leaving = new AbortController();
  const over = line.run(leaving.signal);
  const say = (message: ToClient) => attachments.at(-1)?.options.onMessage(writeToClient(message));
  return { clock, line, states, shown, attachments, over, say, leaving };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('keys typed before the shell stands wait for it; then all go in order, and sizes too', async () => {
  const { line, attachments, say } = rig();
  line.type(bytes('early'));
  await settle();
  await say({ type: 'from', from: 0, hasTty: true });
  line.type(bytes('late'));
  line.resize({ cols: 100, rows: 30 });
  expect(attachments[0]?.sent).toEqual(['early', 'late', '100x30']);
});

test('after a cut it asks for what it has not seen, and says where something is lost', async () => {
  const { clock, attachments, states, shown, say } = rig();
  await settle();
  await say({ type: 'from', from: 0, hasTty: true });
  await say({ type: 'output', bytes: bytes('hello') });
  attachments[0]?.end('');
  await clock.advance(0);
  await settle();
  await clock.advance(500);
  await settle();
  expect(readBegin(attachments[1]?.options.begin ?? bytes(''))).toEqual({ have: 5, cols: 80, rows: 24 });
  await say({ type: 'from', from: 9, hasTty: true });
  await say({ type: 'output', bytes: bytes('you') });
  expect(shown).toEqual(['hello', '[gap]', 'you']);
  expect(states.map(({ at }) => at)).toEqual(['attaching', 'live', 'cut', 'live']);
});

test('a shell that ends says how, and is not asked for again', async () => {
  const { attachments, states, over, say } = rig();
  await settle();
  await say({ type: 'end', detail: 'the shell ended', exitCode: 3 });
  attachments[0]?.end('ended');
  await over;
  expect(states.at(-1)).toEqual({ at: 'over', end: { why: 'shell', detail: 'the shell ended', exitCode: 3 } });
  expect(attachments).toHaveLength(1);
});

test.each([
  ['revoked', 'revoked'],
  ['replaced', 'replaced'],
  [new AppError('signature-invalid', 'what answers is no relay'), 'forged'],
])('an end that nothing changes is the last: %s', async (end, why) => {
  const { attachments, states, over } = rig();
  await settle();
  attachments[0]?.end(end);
  await over;
  expect(states.at(-1)).toEqual({ at: 'over', end: { why } });
});

test.each([
  ['gone', 'unknown'],
  ['no', 'forbidden'],
])('a console that says %s is believed', async (refusal, why) => {
  const { states, over } = rig(() => refusal);
  await over;
  expect(states.at(-1)).toEqual({ at: 'over', end: { why } });
});

test('a console that does not answer is tried for a minute, as long as the relay keeps the shell', async () => {
  const { clock, states, over } = rig(() => new TypeError('fetch failed'));
  for (let tries = 0; tries < 122; tries += 1) {
    await settle();
    await clock.advance(500);
  }
  await over;
  expect(states).toEqual([{ at: 'attaching' }, { at: 'cut' }, { at: 'over', end: { why: 'lost' } }]);
});

test('who leaves hears nothing more, and the socket is closed', async () => {
  const { states, over, say, leaving, attachments } = rig();
  await settle();
  await say({ type: 'from', from: 0, hasTty: true });
  leaving.abort();
  await over;
  expect(states.map(({ at }) => at)).toEqual(['attaching', 'live']);
  expect(attachments).toHaveLength(1);
});
