// Codes of an authenticator app (RFC 6238): six digits, 30 seconds, one step of grace on either side, each step once.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const STEP_MS = 30_000;
const DIGITS = 6;
/** RFC 4226 recommends 160 bits; every app takes them. */
const SECRET_BYTES = 20;
/** Clocks of telephones and people who type: one step early or late. */
const WINDOW = [0, -1, 1] as const;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const newTotpSecret = (): Buffer => randomBytes(SECRET_BYTES);

/** RFC 4648 base32 without padding: what apps take when nobody can scan. */
export function base32(bytes: Uint8Array): string {
  let [text, bits, value] = ['', 0, 0];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
  }
  return bits === 0 ? text : text + ALPHABET[(value << (5 - bits)) & 31];
}

export function totpUri(secret: Uint8Array, person: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(person)}`;
  const query = new URLSearchParams({ secret: base32(secret), issuer, algorithm: 'SHA1', digits: '6', period: '30' });
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`;
}

/** SHA-1 here is a keyed hash, where its collisions do not matter; apps know no other. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const at = (mac[mac.length - 1] ?? 0) & 0x0f;
  const number = mac.readUInt32BE(at) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

export const totpStep = (now: number): number => Math.floor(now / STEP_MS);

/** The step whose code it is, if it is later than the last one used; all steps of the window are computed, whatever fits. */
export function totpFits(secret: Uint8Array, code: string, at: { now: number; lastStep: number }): number | undefined {
  const isCode = /^\d{6}$/.test(code);
  const given = Buffer.from(isCode ? code : '------', 'latin1');
  let fits: number | undefined;
  for (const shift of WINDOW) {
    const step = totpStep(at.now) + shift;
    const isSame = timingSafeEqual(given, Buffer.from(totpCode(secret, step), 'latin1'));
    if (isSame && step > at.lastStep) fits ??= step;
  }
  return fits;
}
