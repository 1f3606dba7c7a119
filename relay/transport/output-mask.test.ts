// Values are hidden however they are written and wherever the chunks end; what is no value stays as it is.
import { expect, test } from 'vitest';
import { MASK, MaskedValues, maskText, OutputMask } from './output-mask.ts';

const SECRET = `hun"ter2's $ecret/é+&Zq`;
const PEM = ['-----BEGIN KEY-----', 'MC4CAQAwBQYDK2VwBCIEIG5v', 'bmUgb2YgeW91ciBidXNpbmVz', '-----END KEY-----'].join(
  '\n',
);
const base64 = (text: string) => Buffer.from(text).toString('base64');

const hide = (output: string | Uint8Array, ...values: string[]) => {
  const mask = new OutputMask(new MaskedValues(values));
  const parts = [mask.push(Buffer.from(output)), mask.end()];
  return Buffer.concat(parts).toString('utf8');
};

/** One byte at a time: the worst that a device can do with its writes. */
const hideBytewise = (output: string, ...values: string[]) => {
  const mask = new OutputMask(new MaskedValues(values));
  const parts = [...Buffer.from(output)].map((byte) => mask.push(Uint8Array.of(byte)));
  return Buffer.concat([...parts, mask.end()]).toString('utf8');
};

test.each([
  ['as it is', SECRET],
  ['in the other case', SECRET.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())],
  ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
  ['in JSON with escaped slashes', JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/')],
  ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
  ['in spaced hexadecimal', (Buffer.from(SECRET).toString('hex').toUpperCase().match(/../g) ?? []).join(' ')],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in a form', new URLSearchParams({ a: SECRET }).toString().slice(2)],
  ['in base64url', Buffer.from(SECRET).toString('base64url')],
  ['quoted for a shell', `'${SECRET.replaceAll("'", "'\\''")}'`],
  ['broken into lines', (SECRET.match(/.{1,5}/gu) ?? []).join('\n')],
])('a value is hidden %s', (_how, written) => {
  const shown = hide(`before ${written} after`, SECRET);
  expect(shown).toBe(hideBytewise(`before ${written} after`, SECRET));
  expect(shown).toMatch(/^before '?\*\*\*'? after$/);
});

test.each([0, 1, 2, 3, 4, 5])(
  'base64 hides a value behind %i other bytes, but for its outermost characters',
  (before) => {
    const around = base64(`${'x'.repeat(before)}${SECRET} and more`);
    const shown = hide(`[${around}]`, SECRET);
    expect(shown).toContain(MASK);
    // At each end a character that is made of a neighbour's bits too may stay: four bits of the value at most.
    const left = shown.split(MASK).map((part) => part.length);
    const own = Math.floor((Buffer.from(SECRET).length * 8) / 6);
    expect(left.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(around.length + 2 - own + 2);
  },
);

test('base64 that is wrapped at 76 characters is hidden', () => {
  const long = 'correct horse battery staple, twice as long as any line of the tool that writes it down for us all';
  const wrapped = (base64(long).match(/.{1,76}/g) ?? []).join('\n');
  expect(hide(`${wrapped}\n`, long).replace(MASK, '').length).toBeLessThanOrEqual(4);
});

test('lines of a value are hidden one by one, and in a part of it', () => {
  const shown = hide(
    PEM.split('\n')
      .map((line) => `  | ${line}`)
      .join('\n'),
    PEM,
  );
  expect(shown).not.toMatch(/MC4CAQ|bmUgb2/);
  expect(hide(`part ${PEM.slice(20, 40)}.`, PEM)).toBe('part ***.');
});

test('what is no value comes as it was, byte by byte', () => {
  const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, n) => (n * 7919) % 256));
  const mask = new OutputMask(new MaskedValues([SECRET]));
  const parts = [mask.push(bytes.subarray(0, 1_234)), mask.push(bytes.subarray(1_234)), mask.end()];
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  expect(hide('https://example.test/ a word of it: secret', SECRET)).toBe('https://example.test/ a word of it: secret');
});

test('the shortest value is hidden whole, several at once too', () => {
  expect(hide('a=tiger-42 b=kangaroo.', 'tiger-42', 'kangaroo')).toBe('a=*** b=***.');
});

test('blanks without end are not kept, and a value before them is hidden', () => {
  const mask = new OutputMask(new MaskedValues([SECRET]));
  const given = mask.push(Buffer.from(`x ${SECRET}${' '.repeat(100_000)}`));
  expect(given.length).toBe(100_005);
});

test('random cuts change nothing of what is shown', () => {
  const text = `a ${SECRET} b ${base64(SECRET)} c ${SECRET.slice(0, 14)} d\n`.repeat(20);
  const whole = hide(text, SECRET);
  const seed = Math.floor(performance.now() * 1_000) % 2 ** 31;
  let state = seed;
  const next = (max: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return 1 + (state % max);
  };
  for (let round = 0; round < 50; round += 1) {
    const mask = new OutputMask(new MaskedValues([SECRET]));
    const bytes = Buffer.from(text);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + next(40);
      parts.push(mask.push(bytes.subarray(at, end)));
      at = end;
    }
    expect(Buffer.concat([...parts, mask.end()]).toString(), `seed ${seed}`).toBe(whole);
  }
});

test('a message is hidden in whole', () => {
  expect(maskText(`web-1: said ${SECRET}`, new MaskedValues([SECRET]))).toBe('web-1: said ***');
});
