// The audit trail: who did what, whether nobody has altered it since, and how it leaves the house.
import { z } from 'zod';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { operation, reads } from './meta.ts';
import { Page, pageOf } from './paging.ts';

export const AuditOutcome = z.enum(['ok', 'denied', 'failed', 'refused']);

export const AuditRow = z.object({
  seq: z.int(),
  at: z.int(),
  /** "person:<id>", "token:<person id>", "relay:<id>", "system:<part>" or "anonymous". */
  actor: z.string(),
  verb: z.string(),
  resource: z.string(),
  outcome: z.string(),
  address: z.string().nullable(),
  /** The site it is about; null for what is about none, or was written before rows named theirs. */
  siteId: SiteId.nullable(),
  detail: z.unknown(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** A text, or its beginning with a `*` behind it: "relay.*", "device:*". */
const Pattern = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^*]*\*?$/, 'a star only at the end');

export const AuditFilter = z.object({
  actor: Pattern.optional(),
  verb: Pattern.optional(),
  resource: Pattern.optional(),
  outcome: AuditOutcome.optional(),
  /** Rows of this time and later, and of before that one. */
  from: z.coerce.number().int().nonnegative().optional(),
  to: z.coerce.number().int().nonnegative().optional(),
  site: SiteId.optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

/** A checkpoint as it is told: base64url where bytes are. */
export const CheckpointRow = z.object({
  seq: z.int(),
  hash: z.string(),
  at: z.int(),
  /** Which trail it speaks for. */
  console: z.string(),
  /** Fingerprint of the audit key, the key itself, and its signature. */
  keyId: z.string(),
  key: z.string(),
  signature: z.string(),
  /** Relays that have counter-signed it; the newest hundred of each relay are kept. */
  relays: z.array(z.object({ relayId: RelayId, relayName: z.string(), at: z.int() })),
});
export type CheckpointRow = z.infer<typeof CheckpointRow>;

/** What is wrong with the trail. */
export const AuditFault = z.object({
  kind: z.enum(['row', 'head', 'checkpoint', 'witness']),
  /** The first row it concerns, and the last where it is not known which of several it is. */
  seq: z.int(),
  toSeq: z.int().nullable(),
  /** One sentence. */
  text: z.string(),
});
export type AuditFault = z.infer<typeof AuditFault>;

export const AuditWitness = z.object({
  relayId: RelayId,
  relayName: z.string(),
  siteName: z.string(),
  /**
   * `agrees`: what it holds is in the trail. `disagrees`: the trail is not the one it saw. `away`: not connected or too old; what it
   * counter-signed last is checked instead. `empty`: it has seen no checkpoint yet.
   */
  state: z.enum(['agrees', 'disagrees', 'away', 'empty']),
  /** True when it was asked just now and answered. */
  isLive: z.boolean(),
  /** The newest checkpoint it holds, and how many of this trail. */
  seq: z.int().nullable(),
  hash: z.string().nullable(),
  at: z.int().nullable(),
  held: z.int(),
  /** Fingerprint of the relay's own key, which signed what it holds. */
  keyId: z.string().nullable(),
  /** One sentence for people. */
  text: z.string(),
  /** Its signed answer, base64url, for whoever checks it away from the console; null when it was not asked. */
  proof: z.object({ spki: z.string(), signature: z.string(), statement: z.string() }).nullable(),
});
export type AuditWitness = z.infer<typeof AuditWitness>;

export const AuditVerdict = z.object({
  ok: z.boolean(),
  /** Rows that were followed, up to the first bad one. */
  rows: z.int(),
  firstBadSeq: z.int().nullable(),
  /** What is wrong, by row; the first fifty. Empty when nothing is. */
  faults: z.array(AuditFault),
  /** Fingerprint of the audit key, by which people compare it with what relays hold. */
  keyId: z.string(),
  checkpoints: z.object({ count: z.int(), newestSeq: z.int().nullable(), newestAt: z.int().nullable() }),
  witnesses: z.array(AuditWitness),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;

export const VerifyWish = z.object({
  /** Ask every linked relay now; otherwise what they counter-signed is checked. */
  witness: z.union([z.boolean(), z.stringbool()]).optional(),
  /** 32 bytes, base64url, which relays sign with what they hold: nobody can have kept the answer. */
  nonce: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
});
export type VerifyWish = z.infer<typeof VerifyWish>;

/** One line of the export: all that the row's hash covers, and the hash. `detail` is the text that was hashed. */
export const ExportedRow = z.object({
  v: z.int(),
  seq: z.int(),
  at: z.int(),
  actor: z.string(),
  verb: z.string(),
  resource: z.string(),
  outcome: z.string(),
  address: z.string().nullable(),
  site: z.string().nullable(),
  detail: z.string(),
  prev: z.string(),
  hash: z.string(),
});

/** The console writes the export as it reads the rows. */
export const AUDIT_EXPORT_TYPE = 'application/jsonl';

export const auditContract = {
  list: operation
    .meta(reads('audit.read'))
    .route({ method: 'GET', path: '/audit', summary: 'The audit trail, newest first', tags: ['Audit'] })
    .input(Page.extend(AuditFilter.shape))
    .output(pageOf(AuditRow)),
  verify: operation
    .meta(reads('audit.read'))
    .route({
      method: 'GET',
      path: '/audit/verify',
      summary: 'Check the hash chain, its checkpoints and its witnesses; names the first bad row',
      tags: ['Audit'],
    })
    .input(VerifyWish.optional())
    .output(AuditVerdict),
  checkpoints: operation
    .meta(reads('audit.read'))
    .route({
      method: 'GET',
      path: '/audit/checkpoints',
      summary: 'Signed checkpoints of the trail and which relays counter-signed them, newest first',
      tags: ['Audit'],
    })
    .input(Page)
    .output(pageOf(CheckpointRow)),
  export: operation
    .meta(reads('audit.read'))
    .route({
      method: 'GET',
      path: '/audit/export',
      summary: 'The audit trail as JSON lines, oldest first',
      tags: ['Audit'],
    })
    .input(AuditFilter)
    .output(z.file()),
};
