// What only the console sends: ROSTER, COMMAND, LIVE, CHARTER, FREEZE.
import { z } from 'zod';
import { DeviceId, ManifestId } from '#shared/base/id.ts';
import { SignedCharter } from '#shared/model/charter.ts';
import { SignedBrake } from '#shared/model/freeze.ts';
import { SignedManifest } from '#shared/model/manifest.ts';

/** `run` carries what a human key signed; `cancel` can only stop, so it needs no signature. */
export const Command = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), signed: SignedManifest }),
  z.strictObject({ kind: z.literal('cancel'), manifest: ManifestId }),
]);
export type Command = z.infer<typeof Command>;

/** Somebody looks at these devices: poll them every `intervalMs` for `forMs`. At most 20, so that nobody can turn this into load. */
export const Live = z.strictObject({
  devices: z.array(DeviceId).max(20),
  intervalMs: z.int().min(2_000).max(60_000),
  forMs: z.int().min(1_000).max(120_000),
});
export type Live = z.infer<typeof Live>;

/** A newer charter; the relay verifies it against the owner keys it pinned. */
export const CharterMessage = z.strictObject({ signed: SignedCharter });
export type CharterMessage = z.infer<typeof CharterMessage>;

/** The first protocol whose relays know FREEZE. */
export const FREEZE_PROTOCOL = 3;
/** The first whose relays know a freeze of every site. */
export const EVERYWHERE_PROTOCOL = 5;

/** A freeze or a thaw of the site; sent when it is made and after every handshake. The relay verifies it against its charter. */
export const FreezeMessage = z.strictObject({ signed: SignedBrake });
export type FreezeMessage = z.infer<typeof FreezeMessage>;
