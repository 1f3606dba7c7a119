// The path covers the dark modules and nothing else; the code that it draws reads as what was encoded.
import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';
import { expect, test } from 'vitest';
import { qrPath } from './qr-path.ts';

const URI =
  'otpauth://totp/RMM:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=RMM&algorithm=SHA1&digits=6&period=30';
/** Pixels of one module: a camera sees several. */
const SCALE = 4;

/** The picture as a camera gives it: four bytes a pixel. */
function drawn(path: string, size: number) {
  const width = size * SCALE;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g))
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row += 1)
      for (let column = Number(x) * SCALE; column < (Number(x) + Number(run)) * SCALE; column += 1)
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
  return { width, height: width, data };
}

test('each run of dark modules is one rectangle', () => {
  expect(
    qrPath([
      [true, true, false],
      [false, false, true],
      [false, false, false],
    ]),
  ).toBe('M0 0h2v1H0zM2 1h1v1H2z');
});

test('what is drawn reads as what was encoded', () => {
  const modules = encodeQR(URI, 'raw', { ecc: 'medium', border: 4 });
  expect(decodeQR(drawn(qrPath(modules), modules.length))).toBe(URI);
});
