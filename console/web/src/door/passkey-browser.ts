// A passkey as the one thing that says who somebody is: made and asked for in the browser, its user verified each time.
import type { PasskeyAssertion } from '#shared/contract/session-contract.ts';
import { bytesOfText, textOfBytes } from './bytes-text.ts';

/** Time to find the phone that holds the key; browsers end it sooner when they will. */
const DEADLINE_MS = 120_000;
/** By their COSE numbers, in the order in which we like them. */
const ALGORITHMS = [
  [-7, 'ES256'],
  [-8, 'EdDSA'],
  [-257, 'RS256'],
] as const;

/** What ended it, as a key of this room's texts: browsers say little more, on purpose. */
export class PasskeyStop extends Error {
  readonly key: 'passkeyNotUsed' | 'passkeyNotMade' | 'passkeyMadeBefore';
  constructor(key: PasskeyStop['key'], options?: { cause?: unknown }) {
    super(key, options);
    this.name = 'PasskeyStop';
    this.key = key;
  }
}

interface AssertionAsk {
  challenge: string;
  rpId: string;
  signal?: AbortSignal;
  /** Offered below a field by the browser, and only when it holds one: nothing opens by itself. */
  isQuiet?: boolean;
}

export async function askPasskey({
  challenge,
  rpId,
  signal,
  isQuiet = false,
}: AssertionAsk): Promise<PasskeyAssertion> {
  let answer: Credential | null;
  try {
    answer = await navigator.credentials.get({
      ...(isQuiet && { mediation: 'conditional' }),
      ...(signal && { signal }),
      // No list of keys: whoever holds one of this console is named by it.
      publicKey: { challenge: bytesOfText(challenge), rpId, userVerification: 'required', timeout: DEADLINE_MS },
    });
  } catch (cause) {
    throw new PasskeyStop('passkeyNotUsed', { cause });
  }
  if (!(answer instanceof PublicKeyCredential) || !(answer.response instanceof AuthenticatorAssertionResponse))
    throw new PasskeyStop('passkeyNotUsed');
  const { authenticatorData, clientDataJSON, signature, userHandle } = answer.response;
  return {
    challenge,
    credential: textOfBytes(answer.rawId),
    authenticatorData: textOfBytes(authenticatorData),
    clientData: textOfBytes(clientDataJSON),
    signature: textOfBytes(signature),
    ...(userHandle !== null && { userHandle: textOfBytes(userHandle) }),
  };
}

/** As `profile.passkeyChallenge` offers it. */
interface MakeOffer {
  challenge: string;
  rpId: string;
  rpName: string;
  user: { id: string; name: string; displayName: string };
  exclude: readonly string[];
}

export async function makeSignInPasskey({ challenge, rpId, rpName, user, exclude }: MakeOffer) {
  let made: Credential | null;
  try {
    made = await navigator.credentials.create({
      publicKey: {
        rp: { id: rpId, name: rpName },
        user: { ...user, id: bytesOfText(user.id) },
        challenge: bytesOfText(challenge),
        pubKeyCredParams: ALGORITHMS.map(([alg]) => ({ type: 'public-key', alg })),
        // It names its person by itself: nobody types a name at the door.
        authenticatorSelection: { userVerification: 'required', residentKey: 'required', requireResidentKey: true },
        attestation: 'none',
        timeout: DEADLINE_MS,
        excludeCredentials: exclude.map((id) => ({ type: 'public-key', id: bytesOfText(id) })),
      },
    });
  } catch (cause) {
    const isKnown = cause instanceof DOMException && cause.name === 'InvalidStateError';
    throw new PasskeyStop(isKnown ? 'passkeyMadeBefore' : 'passkeyNotMade', { cause });
  }
  return { challenge, ...partsOf(made) };
}

function partsOf(made: Credential | null) {
  if (!(made instanceof PublicKeyCredential) || !(made.response instanceof AuthenticatorAttestationResponse))
    throw new PasskeyStop('passkeyNotMade');
  const { response, rawId } = made;
  const spki = response.getPublicKey();
  const algorithm = ALGORITHMS.find(([alg]) => alg === response.getPublicKeyAlgorithm())?.[1];
  // A browser that cannot tell the key would only fail later.
  if (spki === null || algorithm === undefined) throw new PasskeyStop('passkeyNotMade');
  return {
    credential: textOfBytes(rawId),
    spki: textOfBytes(spki),
    algorithm,
    authenticatorData: textOfBytes(response.getAuthenticatorData()),
    clientData: textOfBytes(response.clientDataJSON),
  };
}
