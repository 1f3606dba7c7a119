// A new passkey on its way to the owner: one text to copy, and a fingerprint that two people compare by hand.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { PasskeyKey } from '#shared/model/charter.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import { sha256, sha256B64u, toHex } from './hash.ts';

/** Says what the text is to whoever finds it, and which form it has. */
const HEAD = 'rmm-passkey-1.';
/** The longest passkey a charter takes is below 6 KB. */
const MAX_CHARS = 8_192;

/** Only public: it lets nobody sign. */
export const passkeyText = (key: PasskeyKey): string =>
  `${HEAD}${toBase64url(new TextEncoder().encode(canonicalJson(PasskeyKey.parse(key))))}`;

/** The key of such a text; anything else is refused, and so is a key whose id is not the hash of its bytes. */
export async function readPasskeyText(text: string): Promise<PasskeyKey> {
  const plain = text.trim();
  const bytes =
    plain.startsWith(HEAD) && plain.length < MAX_CHARS ? fromBase64url(plain.slice(HEAD.length)) : undefined;
  if (bytes === undefined) throw new AppError('bad-request', `this is no passkey text; it begins with ${HEAD}`);
  const parsed = PasskeyKey.safeParse(parseCanonical(new TextDecoder().decode(bytes), 'bad-request'));
  if (!parsed.success) throw new AppError('bad-request', `the passkey text: ${z.prettifyError(parsed.error)}`);
  const spki = fromBase64url(parsed.data.spki);
  if (spki === undefined || (await sha256B64u(spki)) !== parsed.data.id)
    throw new AppError('bad-request', 'the passkey text: its id is not the hash of its key');
  return parsed.data;
}

/**
 * Eight groups of four digits, 128 bits, over everything a charter takes of the passkey: its key, its pages, its name in the
 * browser. Nobody finds a second passkey with the same ones.
 */
export async function passkeyFingerprint(key: PasskeyKey): Promise<string> {
  const digest = toHex(await sha256('rmm passkey: ', canonicalJson(PasskeyKey.parse(key))));
  return (digest.slice(0, 32).match(/.{4}/g) ?? []).join(' ');
}
