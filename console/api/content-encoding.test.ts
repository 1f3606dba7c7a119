// Which form an answer is sent in, and that it reads back as what it was.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { acceptedEncodings, encodedResponse } from './content-encoding.ts';

test.each([
  ['gzip, deflate, br, zstd', ['br', 'gzip']],
  ['gzip', ['gzip']],
  ['br;q=0, gzip', ['gzip']],
  ['br;q=0.5, gzip;q=0.9', ['gzip', 'br']],
  ['*', ['br', 'gzip']],
  ['*;q=0', []],
  ['gzip;q=0', []],
  ['identity', []],
  ['brotli', []],
  ['', []],
  [undefined, []],
])('"%s" allows %j', (header, encodings) => {
  expect(acceptedEncodings(header)).toEqual(encodings);
});

const json = (text: string, headers: Record<string, string> = {}) =>
  new Response(text, { status: 201, headers: { 'content-type': 'application/json', 'x-kept': 'yes', ...headers } });
const long = JSON.stringify({ text: 'Küche '.repeat(1_000) });

test.each([
  ['br', brotliDecompressSync],
  ['gzip', gunzipSync],
] as const)('a long answer travels as %s and reads back', async (encoding, read) => {
  const answer = await encodedResponse(encoding, json(long, { 'content-length': String(long.length) }));
  expect(answer.status).toBe(201);
  expect(answer.headers.get('content-encoding')).toBe(encoding);
  expect(answer.headers.get('vary')).toBe('accept-encoding');
  expect(answer.headers.get('x-kept')).toBe('yes');
  expect(answer.headers.has('content-length')).toBe(false);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect(bytes.length).toBeLessThan(long.length / 10);
  expect(new TextDecoder().decode(read(bytes))).toBe(long);
});

test('a short answer, and one for a client that takes nothing else, stays as it is and says that it varies', async () => {
  for (const [accept, text] of [
    ['br', '{"a":1}'],
    [undefined, long],
  ] as const) {
    const answer = await encodedResponse(accept, json(text));
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('vary')).toBe('accept-encoding');
    expect(await answer.text()).toBe(text);
  }
});

test('a feed is never held up, and what is no text or encoded already stays', async () => {
  const feed = new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } });
  expect(await encodedResponse('br', feed)).toBe(feed);
  const picture = new Response(new Uint8Array(10_000), { headers: { 'content-type': 'image/png' } });
  expect(await encodedResponse('br', picture)).toBe(picture);
  const done = json(long, { 'content-encoding': 'gzip' });
  expect(await encodedResponse('br', done)).toBe(done);
});
