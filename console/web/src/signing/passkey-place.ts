// Whether this page may use passkeys at all, and which keys of a charter it can reach.
import type { PasskeySigner, Signer } from '#shared/model/charter.ts';

/** A key of this room's catalogue: the sentence that says why not, to be shown beside the command that signs instead. */
export type PasskeyObstacle = 'obstacleInsecure' | 'obstacleAddress' | 'obstacleBrowser';

export interface PagePlace {
  origin: string;
  hostname: string;
  isSecure: boolean;
  hasPasskeys: boolean;
}

export const thisPage = (): PagePlace => ({
  origin: location.origin,
  hostname: location.hostname,
  isSecure: globalThis.isSecureContext,
  hasPasskeys: 'PublicKeyCredential' in globalThis && navigator.credentials !== undefined,
});

/** As charters name pages: localhost, or a DNS name over HTTPS. A browser ties no passkey to a bare address. */
const NAMED = /^(?:http:\/\/localhost|https:\/\/(?=[a-z0-9.-]*[a-z])[a-z0-9.-]{1,253})(?::\d{1,5})?$/;

/** Why passkeys cannot be used on a page at `place`; undefined when they can. */
export function passkeyObstacle(place: PagePlace = thisPage()): PasskeyObstacle | undefined {
  if (!NAMED.test(place.origin)) return place.isSecure ? 'obstacleAddress' : 'obstacleInsecure';
  if (!place.isSecure) return 'obstacleInsecure';
  return place.hasPasskeys ? undefined : 'obstacleBrowser';
}

/** The passkeys among `signers` that count on a page at `place`: the charter names its origin, and the browser will offer them. */
export function passkeysOf(signers: readonly Signer[], place: PagePlace = thisPage()): PasskeySigner[] {
  return signers.filter(
    (signer): signer is PasskeySigner =>
      signer.kind === 'passkey' &&
      signer.key.origins.includes(place.origin) &&
      (place.hostname === signer.key.rpId || place.hostname.endsWith(`.${signer.key.rpId}`)),
  );
}
