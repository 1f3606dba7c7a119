// Proves that what terminals send is read as the keys people pressed.
import { expect, test } from 'vitest';
import { keysOf } from './keys.ts';

test.each([
  ['j', ['j']],
  ['\u001b[A', ['up']],
  ['\u001bOB', ['down']],
  ['\u001b[6~\u001b[5~', ['page-down', 'page-up']],
  ['\u001b', ['escape']],
  ['\r', ['enter']],
  ['\u007f', ['backspace']],
  ['\u0003', ['interrupt']],
  ['äb😀', ['ä', 'b', '😀']],
  ['\u001b[200~', []],
  ['\u0007', []],
  ['/st:up\r', ['/', 's', 't', ':', 'u', 'p', 'enter']],
])('%j is %j', (text, keys) => {
  expect(keysOf(text)).toEqual(keys);
});
