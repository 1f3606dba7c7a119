// The brake of a site: a freeze makes its relays read-only, a thaw lets them take orders again.
import { z } from 'zod';
import { FreezeId, SiteId } from '#shared/base/id.ts';
import { MAX_SIGNATURES, Signature } from './manifest.ts';

const Common = {
  v: z.literal(1),
  id: FreezeId,
  /** When it was signed. Of two, the newer one counts. */
  at: z.int().nonnegative(),
  reason: z.string().max(500),
};

/** In the place of a site: every site whose charter names who signed it as a guardian. Only stopping can be asked so. */
export const EVERYWHERE = 'everywhere';

/** Signed by one guardian. */
export const Freeze = z.strictObject({
  kind: z.literal('freeze'),
  site: z.union([SiteId, z.literal(EVERYWHERE)]),
  ...Common,
});
export type Freeze = z.infer<typeof Freeze>;

/** Signed by the owners' quorum, or by two people of the charter. `freezes`: the freeze it ends; it ends no later one. */
export const Thaw = z.strictObject({ kind: z.literal('thaw'), site: SiteId, freezes: FreezeId, ...Common });
export type Thaw = z.infer<typeof Thaw>;

export const Brake = z.discriminatedUnion('kind', [Freeze, Thaw]);
export type Brake = z.infer<typeof Brake>;

/** `text` is the canonical JSON that every signature covers. Owners sign a thaw as signers do. */
export const SignedBrake = z.strictObject({
  text: z.string().max(4_096),
  signatures: z.array(Signature).min(1).max(MAX_SIGNATURES),
});
export type SignedBrake = z.infer<typeof SignedBrake>;
