// Sealed credentials: handed to relays through the console, which holds ciphertext and shows names, places and versions.
import { z } from 'zod';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { SealingKey } from '#shared/model/charter.ts';
import { CredentialShown, CredentialSlot, SealedCredential } from '#shared/model/credential.ts';
import { CredentialName } from '#shared/model/device.ts';
import { endangers, operation, reads, writes } from './meta.ts';

export const CredentialSummary = z.object({
  relayId: RelayId,
  siteId: SiteId,
  name: CredentialName,
  slot: CredentialSlot,
  version: z.int(),
  issuedAt: z.int(),
  notAfter: z.int().nullable(),
  /** What whoever sealed it says of it; null for a revocation, and for one of an earlier release. */
  shown: CredentialShown.nullable(),
  /** It took over what waited in the next slot, of that version. */
  promotes: z.int().nullable(),
  /** Id of the key that signed it. */
  signer: z.string(),
  storedAt: z.int(),
  /** Ids of the keys it is sealed to; none: it is a revocation. */
  sealedTo: z.array(z.string()),
  /** `waiting`: the relay has not told that it holds this version. `unreadable`: sealed to another key than the relay's. */
  state: z.enum(['waiting', 'open', 'unreadable', 'revoked']),
  /** The relay's key is another by now, or the relay is gone: seal it again. */
  needsSealing: z.boolean(),
});
export type CredentialSummary = z.infer<typeof CredentialSummary>;

const Vault = z.object({
  relayId: RelayId,
  /** As the relay told it; who seals compares it with the charter. */
  sealingKey: SealingKey,
  toldAt: z.int(),
});

export const credentialContract = {
  list: operation
    .meta(reads('credential.read'))
    .route({ method: 'GET', path: '/credentials', summary: 'List sealed credentials', tags: ['Credentials'] })
    .output(z.object({ items: z.array(CredentialSummary), vaults: z.array(Vault) })),
  show: operation
    .meta(reads('credential.read'))
    .route({
      method: 'GET',
      path: '/credentials/{relayId}/{name}/{slot}',
      summary: 'One sealed credential as it was signed: ciphertext, for whoever promotes it',
      tags: ['Credentials'],
    })
    .input(z.object({ relayId: RelayId, name: CredentialName, slot: CredentialSlot }))
    .output(z.object({ sealed: SealedCredential })),
  put: operation
    .meta({ ...writes('credential.write'), maxBodyBytes: 1_100_000 })
    .route({
      method: 'POST',
      path: '/credentials',
      summary: 'Keep a credential that was sealed and signed for a relay, or its revocation',
      successStatus: 201,
      tags: ['Credentials'],
    })
    .input(z.object({ sealed: SealedCredential }))
    .output(z.object({ name: CredentialName, slot: CredentialSlot, version: z.int(), isTold: z.boolean() })),
  remove: operation
    .meta(endangers('credential.remove'))
    .route({
      method: 'DELETE',
      path: '/credentials/{relayId}/{name}/{slot}',
      summary: 'Take a sealed credential out of the console; its relay keeps what it holds until it is revoked',
      tags: ['Credentials'],
    })
    .input(z.object({ relayId: RelayId, name: CredentialName, slot: CredentialSlot }))
    .output(z.object({ removed: z.literal(true) })),
};
