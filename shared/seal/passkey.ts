// Whether a passkey of the charter signed a statement: a WebAuthn assertion, verified with WebCrypto alone.
import type { CryptoKey } from 'jose';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { PasskeyAlgorithm, PasskeyKey } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { fromBase64url } from './base64url.ts';
import { sha256, sha256B64u } from './hash.ts';
import { rawFromDer } from './strict-der.ts';

/** What a page hands to the browser as the challenge (as bytes), and what the client data repeats. */
export const passkeyChallenge = (statement: string): Promise<string> => sha256B64u(statement);

/** rpIdHash (32), flags (1), counter (4). */
const HEAD_BYTES = 37;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
/** A new credential belongs to a registration, never to an assertion. */
const ATTESTED = 0x40;
const EXTENSIONS = 0x80;

/** Browsers may add members; those we judge must be as they are here. */
const ClientData = z.object({
  type: z.literal('webauthn.get'),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.literal(false).optional(),
  topOrigin: z.undefined().optional(),
});

/** Throws `signature-invalid` saying what is wrong, unless exactly this key signed exactly `statement`, with its user verified. */
export async function verifyPasskey(signature: PasskeySignature, key: PasskeyKey, statement: string): Promise<void> {
  const [data, client, tail] = [signature.authenticatorData, signature.clientData, signature.signature].map((text) =>
    fromBase64url(text),
  );
  if (data === undefined || client === undefined || tail === undefined)
    throw refusal(key, 'not in its one canonical spelling');
  const fault = (await faultOfClient(client, key, statement)) ?? (await faultOfAuthenticator(data, key));
  if (fault !== undefined) throw refusal(key, fault);
  const signed = new Uint8Array([...data, ...(await sha256(client))]);
  if (!(await isSignedBy(key, tail, signed))) throw refusal(key, 'does not fit what it claims to sign');
}

const refusal = (key: PasskeyKey, why: string, cause?: unknown) =>
  new AppError('signature-invalid', `passkey ${key.id}: ${why}`, { cause });

async function faultOfClient(client: Uint8Array, key: PasskeyKey, statement: string): Promise<string | undefined> {
  const parsed = ClientData.safeParse(parseJson(client));
  if (!parsed.success) return 'its client data is not that of a plain assertion on a page of its own';
  if (parsed.data.challenge !== (await passkeyChallenge(statement))) return 'signed something else';
  if (!key.origins.includes(parsed.data.origin)) return 'signed on a page the charter does not name';
  return undefined;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

async function faultOfAuthenticator(data: Uint8Array, key: PasskeyKey): Promise<string | undefined> {
  const flags = data[HEAD_BYTES - 5] ?? 0;
  if (data.length < HEAD_BYTES) return 'its authenticator data is too short';
  const expected = await sha256(key.rpId);
  if (!expected.every((byte, i) => data[i] === byte)) return 'signed for another relying party';
  if ((flags & USER_PRESENT) === 0) return 'nobody was present';
  if ((flags & USER_VERIFIED) === 0) return 'its user was not verified';
  if ((flags & ATTESTED) !== 0) return 'carries a new credential';
  if ((flags & EXTENSIONS) === 0 && data.length !== HEAD_BYTES) return 'has bytes behind its end';
  return undefined;
}

interface Method {
  importAs: { name: string; namedCurve?: string; hash?: string };
  verifyAs: { name: string; hash?: string };
}

const METHODS: Readonly<Record<PasskeyAlgorithm, Method>> = {
  ES256: {
    importAs: { name: 'ECDSA', namedCurve: 'P-256' },
    verifyAs: { name: 'ECDSA', hash: 'SHA-256' },
  },
  EdDSA: { importAs: { name: 'Ed25519' }, verifyAs: { name: 'Ed25519' } },
  RS256: {
    importAs: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    verifyAs: { name: 'RSASSA-PKCS1-v1_5' },
  },
};

async function isSignedBy(key: PasskeyKey, signature: Uint8Array, signed: Uint8Array): Promise<boolean> {
  const { importAs, verifyAs } = METHODS[key.algorithm];
  const raw = key.algorithm === 'ES256' ? rawFromDer(signature) : signature;
  if (raw === undefined) return false;
  const imported = await importSpki(key, importAs);
  return await crypto.subtle.verify(verifyAs, imported, Uint8Array.from(raw), Uint8Array.from(signed));
}

/** 2,048 bits: what authenticators make; a shorter modulus can be factored. */
const MIN_RSA_BITS = 2_048;

async function importSpki(key: PasskeyKey, importAs: Method['importAs']): Promise<CryptoKey> {
  const spki = Uint8Array.from(fromBase64url(key.spki) ?? []);
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey('spki', spki, importAs, false, ['verify']);
  } catch (cause) {
    throw refusal(key, `its charter entry is no ${key.algorithm} key`, cause);
  }
  const bits = 'modulusLength' in imported.algorithm ? Number(imported.algorithm.modulusLength) : undefined;
  if (bits !== undefined && bits < MIN_RSA_BITS) throw refusal(key, `an RSA key of ${bits} bits`);
  return imported;
}
