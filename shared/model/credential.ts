// What a credential may be used for, and the form in which a sealed one travels: the console keeps it and can read none of it.
import { z } from 'zod';
import { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { isRange } from '#shared/base/ip-range.ts';
import { B64u } from './charter.ts';
import { CredentialName, TransportKind } from './device.ts';
import { HookName, Password, PrivateKeyText, UserName } from './fetched-login.ts';
import { PasskeySignature } from './manifest.ts';

/** `monitor`: polls and inventory. `act`: what a verified order asks for. */
export type Purpose = 'monitor' | 'act';

export const CredentialPurpose = z.enum(['monitor', 'act', 'both']);
export type CredentialPurpose = z.infer<typeof CredentialPurpose>;

export const AddressRange = z.string().max(64).refine(isRange, 'an address range such as 10.0.0.0/8 or fd00::/8');

/** As `ssh-keygen -l` prints it. */
export const HostKeyFingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a host key is written SHA256: and 43 characters');

const BoundDevice = z.strictObject({
  device: DeviceId,
  /** A person vouches for this key: with it the machine counts as known, wherever it is. */
  hostKey: HostKeyFingerprint.optional(),
});

/** Stands inside the sealed box or in the relay's own file; no roster and no word of the console adds to it. */
export const CredentialBinding = z
  .strictObject({
    purpose: CredentialPurpose,
    /** Where it may go by itself; a machine whose host key a signer named is known elsewhere too. */
    ranges: z.array(AddressRange).min(1).max(64).optional(),
    /** Only these devices; absent: any device of the site. */
    devices: z.array(BoundDevice).min(1).max(2_000).optional(),
    transports: z.array(TransportKind).min(1).max(8).optional(),
    /** `key`: the password is never offered, whatever a device asks for. */
    weakest: z.enum(['password', 'key']),
    /**
     * Logins for monitoring only: NTLM may be spoken over plain HTTP, where the machine does not prove who it is. Absent: never.
     */
    ntlmOverHttp: z.literal(true).optional(),
    /** Offered nowhere from then on, milliseconds UTC. */
    notAfter: z.int().nonnegative().optional(),
  })
  .refine(({ ntlmOverHttp, purpose }) => ntlmOverHttp === undefined || purpose === 'monitor', {
    message: 'NTLM over plain HTTP is for logins that only monitor',
  });
export type CredentialBinding = z.infer<typeof CredentialBinding>;

/** `next` waits beside `current` while the devices' logins are being changed. */
export const CredentialSlot = z.enum(['current', 'next']);
export type CredentialSlot = z.infer<typeof CredentialSlot>;

/** What every box of a credential is bound to: a box moved to another place opens nowhere. */
export const BoxHeader = z.strictObject({
  v: z.literal(1),
  site: SiteId,
  relay: RelayId,
  name: CredentialName,
  /** Rises with each change; a relay never goes back. */
  version: z.int().min(1),
  slot: CredentialSlot,
});
export type BoxHeader = z.infer<typeof BoxHeader>;

/** The secret itself, or who fetches it: opened at the relay, in memory only. */
export const SealedSecret = z
  .strictObject({
    user: UserName.optional(),
    password: Password.optional(),
    privateKey: PrivateKeyText.optional(),
    /** A program at the relay gives user and secret when they are needed; what the binding says rules it all the same. */
    source: z.strictObject({ hook: HookName }).optional(),
    binding: CredentialBinding,
  })
  .refine(
    ({ user, password, privateKey, source }) =>
      source === undefined
        ? user !== undefined && (password !== undefined || privateKey !== undefined)
        : user === undefined && password === undefined && privateKey === undefined,
    { message: 'a credential needs a user with a password or a private key, or the hook that fetches them' },
  )
  .refine((secret) => secret.binding.ranges !== undefined || secret.binding.devices !== undefined, {
    message: 'a sealed credential says where it may go: ranges or devices',
  });
export type SealedSecret = z.infer<typeof SealedSecret>;

/** Sealed once for the relay, and once for the owners' escrow key when the site has one. */
export const SealedBox = z.strictObject({
  /** Id of the sealing key that opens it. */
  to: B64u.length(43),
  ephemeral: B64u.length(43),
  /** A key and 2,000 devices with their host keys take 360 KB; two boxes fit one frame. */
  ciphertext: B64u.max(480 * 1024),
});
export type SealedBox = z.infer<typeof SealedBox>;

/** What the signer says of the box so that pages can show it, never a secret. A relay refuses a box that holds something else. */
export const CredentialShown = z.strictObject({
  purpose: CredentialPurpose,
  holds: z.array(z.enum(['password', 'key'])).max(2),
  /** Only where whoever sealed it wants it known. */
  user: UserName.optional(),
  /** Fetched by the relay when it is needed. */
  hook: HookName.optional(),
  ranges: z.array(AddressRange).max(64).optional(),
  /** How many it is bound to; absent: any device of the site. */
  devices: z.int().min(1).optional(),
  transports: z.array(TransportKind).max(8).optional(),
  weakest: z.enum(['password', 'key']),
  ntlmOverHttp: z.literal(true).optional(),
});
export type CredentialShown = z.infer<typeof CredentialShown>;

/** What is signed. No box: the credential is revoked, and the relay forgets it. */
export const CredentialStatement = BoxHeader.extend({
  kind: z.literal('credential'),
  issuedAt: z.int().nonnegative(),
  /** The boxes are those of this version of the slot `next`, which becomes `current` by it: nobody needs the secret for that. */
  promotes: z.int().min(1).optional(),
  shown: CredentialShown.optional(),
  /** Told beside the box so that the console can warn; the one that counts stands inside. */
  notAfter: z.int().nonnegative().optional(),
  boxes: z.array(z.strictObject({ to: B64u.length(43), hash: z.string().regex(/^[0-9a-f]{64}$/) })).max(2),
}).refine(({ promotes, slot }) => promotes === undefined || slot === 'current', {
  message: 'only the current slot takes over what waits in the next one',
});
export type CredentialStatement = z.infer<typeof CredentialStatement>;

/** 64 ranges of IPv6 are 3 KB; in base64url, with all the rest, less than 8. */
const MAX_STATEMENT = 8_192;

export const SealedCredential = z
  .strictObject({
    /** Compact Ed25519 JWS by a signer of the charter, whose payload is the statement; or a passkey's assertion on it. */
    signature: z.union([z.string().max(2 * MAX_STATEMENT), PasskeySignature]),
    /** The canonical text that a passkey signed. */
    statement: z.string().max(MAX_STATEMENT).optional(),
    boxes: z.array(SealedBox).max(2),
  })
  .refine(({ signature, statement }) => (typeof signature === 'string') === (statement === undefined), {
    message: 'the statement stands beside the signature of a passkey, and only there',
  });
export type SealedCredential = z.infer<typeof SealedCredential>;

/** One sealed credential at its relay. `unreadable`: sealed to another key, as after a replacement of the relay: seal it again. */
export const HeldCredential = z.strictObject({
  name: CredentialName,
  slot: CredentialSlot,
  version: z.int().min(1),
  state: z.enum(['open', 'unreadable', 'revoked']),
});
export type HeldCredential = z.infer<typeof HeldCredential>;

/** More sealed logins at one relay would be one per device, which is no login any more. */
export const MAX_SEALED = 500;
