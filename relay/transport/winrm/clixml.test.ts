// PowerShell's stderr: errors in CLIXML with other text around, whole, cut off and in pieces.
import { expect, test } from 'vitest';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { ClixmlDecoder } from './clixml.ts';

const HEAD = '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">';
const PROGRESS =
  '<Obj S="progress" RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T></TN><MS><S N="A">Preparing &lt;S S="Error"&gt;</S></MS></Obj>';
const error = (text: string) => `<S S="Error">${text}</S>`;

function decode(text: string, cuts: readonly number[] = []): string {
  const bytes = Buffer.from(text);
  const decoder = new ClixmlDecoder();
  const marks = [0, ...cuts, bytes.length];
  const parts = marks.slice(1).map((end, i) => decoder.push(bytes.subarray(marks[i], end)));
  return Buffer.concat([...parts, decoder.end()]).toString();
}

test.each([
  ['plain text passes as it is', 'no CLIXML # < here\r\n', 'no CLIXML # < here\r\n'],
  [
    'errors are joined and progress is dropped',
    `${HEAD}${PROGRESS}${error('one_x000D__x000A_')}${PROGRESS}${error('two')}</Objs>`,
    'one\r\ntwo',
  ],
  ['text before and after it is kept', `before\n${HEAD}${error('in')}</Objs>after`, 'before\ninafter'],
  ['a second one is read too', `${HEAD}${error('1')}</Objs>mid${HEAD}${error('2')}</Objs>`, '1mid2'],
  ['what was cut off in an error still counts', `${HEAD}${error('whole')}<S S="Error">half of`, 'wholehalf of'],
  ['the end of an error that was cut off is not part of it', `${HEAD}<S S="Error">half</`, 'half'],
  ['what was cut off elsewhere is dropped', `${HEAD}${error('whole')}<Obj S="progr`, 'whole'],
  ['only progress is nothing', `${HEAD}${PROGRESS}</Objs>`, ''],
  ['the mark in a sentence is text', 'see #< CLIXML for more', 'see #< CLIXML for more'],
  ['the mark at the very end is text', 'see #< CLIXML', 'see #< CLIXML'],
  [
    'references and escapes are decoded',
    `${HEAD}${error('&lt;a&gt; &amp;amp; _x005F_x0041_ _xD83D__xDE00_ &#228; ü')}</Objs>`,
    '<a> &amp; _x0041_ \u{1f600} ä ü',
  ],
  ['other streams are not errors', `${HEAD}<S S="verbose">v</S><S S="Error">e</S></Objs>`, 'e'],
])('%s', (_, text, expected) => {
  expect(decode(text)).toBe(expected);
});

test('however it is cut into pieces, the same text comes out', () => {
  const text = `pre ü\n${HEAD}${PROGRESS}${error('füße _x000D__x000A_&#x1F600;')}${error(`${'long _x0041_ &amp; ü '.repeat(9_000)}`)}</Objs>post`;
  const whole = decode(text);
  const random = seededRandom(11);
  const length = Buffer.byteLength(text);
  for (let round = 0; round < 60; round += 1) {
    const cuts = Array.from({ length: 40 }, () => Math.floor(random() * length)).sort((a, b) => a - b);
    expect(decode(text, cuts) === whole, `round ${round}`).toBe(true);
  }
  const bytewise = Array.from({ length: 600 }, (_, i) => i);
  expect(decode(text, bytewise) === whole).toBe(true);
});

test('an error without an end is handed out in parts: nothing grows', () => {
  const decoder = new ClixmlDecoder();
  decoder.push(Buffer.from(`${HEAD}<S S="Error">`));
  let out = 0;
  for (let i = 0; i < 100; i += 1) out += decoder.push(Buffer.alloc(65_536, 'x')).length;
  expect(out).toBeGreaterThan(98 * 65_536 - 64);
});

test('a hundred thousand errors without an end are read in one pass, so that nobody else waits', () => {
  const decoder = new ClixmlDecoder();
  decoder.push(Buffer.from(HEAD));
  const many = Buffer.from(error('').repeat(100_000));
  const startedAt = performance.now();
  decoder.push(many);
  // One pass takes some 30 ms; a search for the end behind each error takes minutes.
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
