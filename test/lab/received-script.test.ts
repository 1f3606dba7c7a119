// The relay's wrapper is seen through, whatever the script inside it holds.
import { expect, test } from 'vitest';
import { newNonce, wrapScript } from '#relay/transport/script-wrap.ts';
import { systemRandom } from '#shared/base/id.ts';
import { unwrapScript } from './received-script.ts';

test.each([
  ['true'],
  ["echo 'it''s'; echo \"a\"\nexit 3\n"],
  ["printf '%s %s\\n' x $rmm_group\neval 'y'\nexit $?\n}\n"],
  ['}\n'],
  [''],
])('%j comes out of the wrapper as it went in', (script) => {
  const nonce = newNonce(systemRandom);
  expect(unwrapScript(wrapScript(script, nonce))).toEqual({ nonce, script });
});

test('a part of a wrapper is no script yet', () => {
  const whole = wrapScript('echo a\n}\nexit $?\n}\n', newNonce(systemRandom));
  for (let length = 0; length < whole.length; length += 1) expect(unwrapScript(whole.slice(0, length))).toBeUndefined();
});
