// What the address of the page that seals says: which login it is about. Never a secret.

import { RelayId } from '#shared/base/id.ts';
import { CredentialSlot } from '#shared/model/credential.ts';
import { CredentialName } from '#shared/model/device.ts';

export interface SealSearch {
  relay?: string;
  name?: string;
  slot?: CredentialSlot;
}

export function parseSealSearch(search: Record<string, unknown>): SealSearch {
  const relay = RelayId.safeParse(search['relay']);
  const name = CredentialName.safeParse(search['name']);
  const slot = CredentialSlot.safeParse(search['slot']);
  return {
    ...(relay.success && { relay: relay.data }),
    ...(name.success && { name: name.data }),
    ...(slot.success && { slot: slot.data }),
  };
}
