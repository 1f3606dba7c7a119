// What the address of the page that seals says: which login it is about. Never a secret. The entry reads it, so no schema does.
import type { CredentialSlot } from '#shared/model/credential.ts';

export interface SealSearch {
  relay?: string;
  name?: string;
  slot?: CredentialSlot;
}

const ID = /^[0-9a-f-]{36}$/i;
/** As CredentialName of shared/model/device.ts. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

const isSlot = (value: unknown): value is CredentialSlot => value === 'current' || value === 'next';

/** Anything may stand in an address; what cannot be meant is left out. */
export function parseSealSearch({ relay, name, slot }: Record<string, unknown>): SealSearch {
  return {
    ...(typeof relay === 'string' && ID.test(relay) && { relay }),
    ...(typeof name === 'string' && NAME.test(name) && { name }),
    ...(isSlot(slot) && { slot }),
  };
}
