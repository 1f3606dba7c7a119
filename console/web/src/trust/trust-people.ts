// Whose signature it is, in the words of a site's charter.

import { inert } from '#shared/base/inert-text.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Signature } from '#shared/model/manifest.ts';
import { fromBase64url } from '#shared/seal/base64url.ts';
import { t } from './text.ts';

/** What a long id is recognised by; the whole of it is in the element's title. */
export const shortId = (id: string): string => `${id.slice(0, 10)}…`;

export function nameOfKey(id: string, charter: Charter | undefined): string {
  const signer = charter?.signers.find(({ key }) => key.id === id);
  if (signer !== undefined) return inert(signer.name);
  return charter?.owners.some((owner) => owner.id === id) === true
    ? t('ownerKey')
    : t('unknownKey', { id: shortId(id) });
}

/** The key a signature names. Read for showing: relays and the console prove it. */
export function keyOfSignature(signature: Signature): string {
  if (typeof signature !== 'string') return signature.key;
  try {
    const bytes = fromBase64url(signature.split('.')[0] ?? '') ?? new Uint8Array();
    const head: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof head === 'object' && head !== null && 'kid' in head && typeof head.kid === 'string' ? head.kid : '';
  } catch {
    return '';
  }
}

export const peopleOf = (signatures: readonly Signature[], charter: Charter | undefined): string =>
  signatures.map((one) => nameOfKey(keyOfSignature(one), charter)).join(', ');
