// Asks the browser for an assertion as any script on a page could, with none of our own checks.

interface Ask {
  challenge: string;
  credential: string;
  verification: UserVerificationRequirement;
}

const bytesOf = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

const textOf = (buffer: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

async function assertion({ challenge, credential, verification }: Ask) {
  const made = await navigator.credentials.get({
    publicKey: {
      challenge: bytesOf(challenge),
      rpId: 'localhost',
      userVerification: verification,
      allowCredentials: [{ type: 'public-key', id: bytesOf(credential) }],
    },
  });
  if (!(made instanceof PublicKeyCredential) || !(made.response instanceof AuthenticatorAssertionResponse))
    throw new Error('no assertion');
  const { authenticatorData, clientDataJSON, signature } = made.response;
  return {
    authenticatorData: textOf(authenticatorData),
    clientData: textOf(clientDataJSON),
    signature: textOf(signature),
  };
}

Object.assign(globalThis, { rmmAssertion: assertion });
