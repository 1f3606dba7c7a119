// Sealed variables of sites: handed to relays through the console, which holds ciphertext and shows names, versions and places.
import { z } from 'zod';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { SealedVariable, VariableAction } from '#shared/model/variable.ts';
import { VariableName } from '#shared/model/variable-name.ts';
import { operation, reads, writes } from './meta.ts';

const HolderState = z.object({
  relayId: RelayId,
  /** `waiting`: the relay has not told that it holds this version. `unreadable`: it holds it, sealed to other keys. */
  state: z.enum(['waiting', 'open', 'unreadable', 'deleted']),
  /** None of the boxes is for the key this relay told: it can never open this version. */
  needsSealing: z.boolean(),
});

export const VariableSummary = z.object({
  siteId: SiteId,
  name: VariableName,
  version: z.int(),
  issuedAt: z.int(),
  storedAt: z.int(),
  /** Given to no order from then on; null: no end. */
  notAfter: z.int().nullable(),
  /** Which actions may read it; none once it is deleted. */
  actions: z.array(VariableAction),
  /** Id of the key that signed it. */
  signer: z.string(),
  /** A signed deletion: relays forget the value, and the name stays here for its version. */
  isDeleted: z.boolean(),
  /** Ids of the keys it is sealed to. */
  sealedTo: z.array(z.string()),
  /** Each relay of the site. */
  relays: z.array(HolderState),
});
export type VariableSummary = z.infer<typeof VariableSummary>;

export const variableContract = {
  list: operation
    .meta(reads('variable.read'))
    .route({ method: 'GET', path: '/variables', summary: 'List sealed variables', tags: ['Variables'] })
    .input(z.object({ siteId: SiteId.optional() }))
    .output(z.object({ items: z.array(VariableSummary) })),
  put: operation
    // Seventeen boxes of 36 KiB each.
    .meta({ ...writes('variable.write'), maxBodyBytes: 700_000 })
    .route({
      method: 'POST',
      path: '/variables',
      summary: 'Keep a variable that was sealed and signed for the relays of a site, or its deletion',
      successStatus: 201,
      tags: ['Variables'],
    })
    .input(z.object({ sealed: SealedVariable }))
    .output(
      z.object({
        name: VariableName,
        version: z.int(),
        /** Relays that were sent it at once; the others get it when they connect. */
        told: z.int(),
      }),
    ),
};
