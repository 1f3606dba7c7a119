// The manifest: what a human key orders to be run, on exactly which devices, until when, and within which bounds.
import { z } from 'zod';
import { DeviceId, ManifestId, RelayId, SiteId } from '#shared/base/id.ts';
import { CATALOGUE_ACTIONS } from './actions/catalogue-actions.ts';
import { DeviceIdentity } from './device-identity.ts';
import { ScriptValue } from './script-value.ts';
import { SessionArguments } from './session.ts';
import { VariableName, VariableNames } from './variable-name.ts';

/** The relay runs an action only on a session that shows this identity. */
export const ManifestTarget = z.strictObject({ device: DeviceId, identity: DeviceIdentity });
export type ManifestTarget = z.infer<typeof ManifestTarget>;

export const RunArguments = z.strictObject({
  /** Given on stdin: POSIX shell text to /bin/sh on the device, PowerShell's own to Windows PowerShell where that is Windows. */
  command: z.string().min(1).max(65_536),
  /** Variables of the site that the command finds in its environment; the relay gives it no other. */
  vars: VariableNames.optional(),
});
const B64u = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** A WebAuthn assertion whose challenge is the base64url SHA-256 of the statement. `key` names a signer of the charter. */
export const PasskeySignature = z.strictObject({
  kind: z.literal('passkey'),
  key: B64u.length(43),
  /** 37 bytes and extensions. */
  authenticatorData: B64u.max(1_024),
  clientData: B64u.max(2_048),
  /** An RSA key of 4,096 bits signs 512 bytes. */
  signature: B64u.max(1_024),
});
export type PasskeySignature = z.infer<typeof PasskeySignature>;

/** A compact Ed25519 JWS whose payload is the statement and whose `kid` is the signer's key id, or a passkey's assertion. */
export const Signature = z.union([z.string().max(2_048), PasskeySignature]);
export type Signature = z.infer<typeof Signature>;

/** More people than any rule asks for. */
export const MAX_SIGNATURES = 4;

export const AcceptIdentityArguments = z.strictObject({});

/** A version of a script of the library (script.ts) as it was signed there, and what it is told this time. */
const TRY = {
  /** Its canonical JSON: what runs stands in the order itself. Two hooks and a rollback of 16 KiB, escaped. */
  script: z.string().max(256 * 1024),
  /** SHA-256 of that text in lower-case hex: the version by which people, queues and the audit name it. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** By the names of its parameters. */
  values: z.record(VariableName, ScriptValue),
};
/** For once, by whoever may order any command at all. */
export const TryScriptArguments = z.strictObject(TRY);
/** Its author's and its reviewers' signatures: as many people as tier t3 of the charter asks for. */
export const RunScriptArguments = z.strictObject({ ...TRY, signatures: z.array(Signature).min(1).max(MAX_SIGNATURES) });

/**
 * `identity.accept` pins the identity that the target names; `session.open` lets the holder of a key in to one device
 * (session.ts); `script.run` and `script.try` run a script of the library, reviewed or not; what the catalogue holds says of
 * itself what it does.
 */
export const Action = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('command.run'), arguments: RunArguments }),
  z.strictObject({ name: z.literal('identity.accept'), arguments: AcceptIdentityArguments }),
  z.strictObject({ name: z.literal('session.open'), arguments: SessionArguments }),
  z.strictObject({ name: z.literal('script.run'), arguments: RunScriptArguments }),
  z.strictObject({ name: z.literal('script.try'), arguments: TryScriptArguments }),
  ...CATALOGUE_ACTIONS,
]);
export type Action = z.infer<typeof Action>;
export type ScriptAction = Extract<Action, { name: 'script.run' | 'script.try' }>;

export const Manifest = z.strictObject({
  v: z.literal(1),
  id: ManifestId,
  site: SiteId,
  relay: RelayId,
  targets: z.array(ManifestTarget).min(1).max(2_000),
  action: Action,
  /** Valid from `nbf` until `exp`, milliseconds UTC. At most 24 h apart. */
  nbf: z.int(),
  exp: z.int(),
  charterVersion: z.int().min(1),
  caps: z.strictObject({
    timeoutMs: z.int().min(100).max(86_400_000),
    outputBytes: z
      .int()
      .min(0)
      .max(16 * 1024 * 1024),
    /** Devices worked on at once. */
    concurrency: z.int().min(1).max(500),
  }),
  reason: z.string().max(500),
  /** More care than the tier's rule asks for. What would be less care changes nothing: the rule is the least. */
  rollout: z
    .strictObject({
      canary: z.int().min(1).max(1_000).optional(),
      haltPercent: z.int().min(0).max(100).optional(),
    })
    .optional(),
});
export type Manifest = z.infer<typeof Manifest>;

/**
 * One signature covers a batch of manifests (one per relay). The signed statement is canonical JSON
 * {v: 2, kind: "batch", root, total}: `root` the Merkle root over the manifests, `total` the devices of the whole batch. Sums of
 * devices are hashed into every node, so that no relay runs a manifest that the total leaves out.
 * A relay gets its own manifest with the path that leads from it to the root. A batch of one is {v: 1, ...} and has no path.
 */
export const SignedManifest = z.strictObject({
  /** The canonical JSON text that was hashed. */
  manifest: z.string().max(900 * 1024),
  batch: z.strictObject({
    index: z.int().min(0).max(65_535),
    count: z.int().min(1).max(65_536),
    /** Sibling hashes from leaf to root, lower-case hex SHA-256. */
    path: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(16),
    /** Devices below each sibling; absent in a batch of one. */
    sums: z.array(z.int().min(1).max(1_000_000)).min(1).max(16).optional(),
    total: z.int().min(1).max(1_000_000),
  }),
  signature: Signature,
  /** Of the others who signed the same statement. */
  countersignatures: z
    .array(Signature)
    .min(1)
    .max(MAX_SIGNATURES - 1)
    .optional(),
});
export type SignedManifest = z.infer<typeof SignedManifest>;

export const signaturesOf = (signed: SignedManifest): Signature[] => [
  signed.signature,
  ...(signed.countersignatures ?? []),
];
