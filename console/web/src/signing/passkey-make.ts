// Makes a passkey in the browser: user verified, no attestation, its public half as a charter takes it.
import { PasskeyKey } from '#shared/model/charter.ts';
import { toBase64url } from '#shared/seal/base64url.ts';
import { sha256B64u } from '#shared/seal/hash.ts';
import { PasskeyFault } from './passkey-fault.ts';
import { passkeyObstacle } from './passkey-place.ts';
import { bytesOf } from './passkey-sign.ts';

const DEADLINE_MS = 120_000;
/** By their COSE numbers, in the order in which we like them. */
const ALGORITHMS = [
  [-7, 'ES256'],
  [-8, 'EdDSA'],
  [-257, 'RS256'],
] as const;
/** WebAuthn's own bounds: a name of 64 bytes is kept whole, an id has 64 at most. */
const MAX_NAME = 60;
const ID_BYTES = 16;
const CHALLENGE_BYTES = 32;
/** Where the flags stand in the authenticator's data, and the one that says who held it was verified. */
const FLAGS_AT = 32;
const USER_VERIFIED = 0x04;

const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));

/** `known` are passkeys that a charter names already: a device that holds one of them makes no second. */
export async function makePasskey(name: string, known: readonly PasskeyKey[]): Promise<PasskeyKey> {
  const obstacle = passkeyObstacle();
  if (obstacle !== undefined) throw new PasskeyFault(obstacle);
  const shown = name.slice(0, MAX_NAME);
  const credential = await ask({
    rp: { id: location.hostname, name: 'RMM' },
    // Not who signs in: each passkey has an id of its own, so that none replaces another on the same device.
    user: { id: randomBytes(ID_BYTES), name: shown, displayName: shown },
    // Nobody verifies the making: the owner compares the fingerprint of the key and signs it into the charter.
    challenge: randomBytes(CHALLENGE_BYTES),
    pubKeyCredParams: ALGORITHMS.map(([alg]) => ({ type: 'public-key', alg })),
    authenticatorSelection: { userVerification: 'required', residentKey: 'discouraged' },
    attestation: 'none',
    timeout: DEADLINE_MS,
    excludeCredentials: known
      .filter(({ rpId }) => rpId === location.hostname)
      .map(({ credential }) => ({ type: 'public-key', id: bytesOf(credential) })),
  });
  return keyOf(credential);
}

async function ask(publicKey: PublicKeyCredentialCreationOptions): Promise<PublicKeyCredential> {
  let made: Credential | null;
  try {
    made = await navigator.credentials.create({ publicKey });
  } catch (cause) {
    throw PasskeyFault.ofBrowser(cause, 'notMade');
  }
  if (!(made instanceof PublicKeyCredential)) throw new PasskeyFault('notMade');
  return made;
}

async function keyOf({ rawId, response }: PublicKeyCredential): Promise<PasskeyKey> {
  if (!(response instanceof AuthenticatorAttestationResponse)) throw new PasskeyFault('notMade');
  const spki = response.getPublicKey();
  const algorithm = ALGORITHMS.find(([alg]) => alg === response.getPublicKeyAlgorithm())?.[1];
  const flags = new Uint8Array(response.getAuthenticatorData())[FLAGS_AT] ?? 0;
  // A browser that cannot tell the key, and a key whose holder was not verified, would only fail later.
  if (spki === null || algorithm === undefined || (flags & USER_VERIFIED) === 0) throw new PasskeyFault('notMade');
  const bytes = new Uint8Array(spki);
  return PasskeyKey.parse({
    id: await sha256B64u(bytes),
    spki: toBase64url(bytes),
    algorithm,
    credential: toBase64url(new Uint8Array(rawId)),
    rpId: location.hostname,
    origins: [location.origin],
  });
}
