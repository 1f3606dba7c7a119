// Signs a statement with a passkey of a site's charter, in the browser: one call, one tap.
//
//   const obstacle = passkeyObstacle();                // from passkey-place.ts: undefined, or the sentence that says why not
//   const signature = await signWithPasskey(statement, charter.signers);
//
// `statement` is the text a relay verifies: the canonical JSON of a batch, a freeze, a sealed login. Its SHA-256 is the
// challenge. Everything that goes wrong is a PasskeyFault or an AppError, and `signingFault` makes a sentence of either.
import { AppError } from '#shared/base/errors.ts';
import type { PasskeySigner, Signer } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { fromBase64url, toBase64url } from '#shared/seal/base64url.ts';
import { passkeyChallenge, verifyPasskey } from '#shared/seal/passkey.ts';
import { PasskeyFault } from './passkey-fault.ts';
import { passkeyObstacle, passkeysOf } from './passkey-place.ts';

/** Time to find the phone that holds the key; browsers end it sooner when they will. */
const DEADLINE_MS = 120_000;

/** Bytes as the browser's API wants them: on a buffer of their own. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(fromBase64url(text) ?? []);

/**
 * The assertion of one passkey among `signers` over `statement`, with its user verified. The person chooses which, when the
 * browser holds several. The result is proven here as the relay will prove it, so that a wrong one is told before it travels.
 */
export async function signWithPasskey(statement: string, signers: readonly Signer[]): Promise<PasskeySignature> {
  const obstacle = passkeyObstacle();
  if (obstacle !== undefined) throw new PasskeyFault(obstacle);
  const usable = passkeysOf(signers);
  const [first] = usable;
  if (first === undefined) throw new PasskeyFault('noPasskeyHere');
  const { rpId } = first.key;
  const credential = await ask({
    challenge: bytesOf(await passkeyChallenge(statement)),
    rpId,
    userVerification: 'required',
    timeout: DEADLINE_MS,
    allowCredentials: usable
      .filter(({ key }) => key.rpId === rpId)
      .map(({ key }) => ({ type: 'public-key', id: bytesOf(key.credential) })),
  });
  const signer = usable.find(({ key }) => key.credential === toBase64url(new Uint8Array(credential.rawId)));
  if (signer === undefined) throw new PasskeyFault('otherPasskey');
  const signature = signatureOf(credential, signer);
  await verifyPasskey(signature, signer.key, statement);
  return signature;
}

async function ask(publicKey: PublicKeyCredentialRequestOptions): Promise<PublicKeyCredential> {
  let answer: Credential | null;
  try {
    answer = await navigator.credentials.get({ publicKey });
  } catch (cause) {
    throw PasskeyFault.ofBrowser(cause, 'notSigned');
  }
  if (!(answer instanceof PublicKeyCredential)) throw new PasskeyFault('notSigned');
  return answer;
}

function signatureOf({ response }: PublicKeyCredential, signer: PasskeySigner): PasskeySignature {
  if (!(response instanceof AuthenticatorAssertionResponse))
    throw new AppError('signature-invalid', 'the browser answered with something else than a signature');
  const text = (bytes: ArrayBuffer) => toBase64url(new Uint8Array(bytes));
  return {
    kind: 'passkey',
    key: signer.key.id,
    authenticatorData: text(response.authenticatorData),
    clientData: text(response.clientDataJSON),
    signature: text(response.signature),
  };
}
