// What the browser's own base64 makes is what the rest of the project reads.
import { expect, test } from 'vitest';
import { fromBase64url, toBase64url } from '#shared/seal/base64url.ts';
import { bytesOfText, textOfBytes } from './bytes-text.ts';

test.each([[[]], [[0]], [[255, 254]], [[251, 239, 190]], [[62, 63, 64, 250, 255]]])('bytes %j', (bytes) => {
  const array = Uint8Array.from(bytes);
  const text = textOfBytes(array.buffer);
  expect(text).toBe(toBase64url(array));
  expect([...bytesOfText(text)]).toEqual([...(fromBase64url(text) ?? [])]);
});
