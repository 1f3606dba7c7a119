// A job of the file queue as text: three lines that a device checks from top to bottom before it runs anything.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { JobKey } from '#relay/pin/job-key.ts';
import { ManifestId } from '#shared/base/id.ts';
import { Sha256Hex } from '#shared/model/record.ts';
import { toBase64url } from '#shared/seal/base64url.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';

/** First line of a job: another number is another form, and a device that does not know it refuses. */
export const JOB_HEAD = 'rmm-job 1';

/** 256 KiB: an order's command is 64 KiB of characters at most, four bytes each. */
export const MAX_SCRIPT_BYTES = 256 * 1024;

/**
 * Which of a device's two workers takes a job: an order that runs for an hour keeps no poll waiting. It stands in the name of
 * the file and in what is signed.
 */
export const JOB_LANES = ['monitor', 'act'] as const;
export type JobLane = (typeof JOB_LANES)[number];

/** Who a device must be: its answer key, and what is pinned of its identity. */
export const JobDevice = z.strictObject({
  key: z.string().max(80),
  smbiosUuid: z.string().max(64).optional(),
  machineId: z.string().max(64).optional(),
});
export type JobDevice = z.infer<typeof JobDevice>;

/** What is signed, as canonical JSON. `hello` asks who the device is; `run` runs the script of the third line. */
export const JobStatement = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  kind: z.enum(['hello', 'run']),
  lane: z.enum(JOB_LANES),
  /** The order whose human signatures the relay has verified; the device writes it into its own log. */
  order: ManifestId.optional(),
  /** Absent in `hello` alone. */
  device: JobDevice.optional(),
  /** Of the script's bytes, UTF-8. */
  scriptSha256: Sha256Hex,
  timeoutMs: z.int().min(1),
  /** Kept of each output. */
  maxOutputBytes: z.int().min(0),
  /** Cuts what is more and lets the script go on, instead of ending it. */
  keepTruncated: z.boolean(),
  notBefore: z.int(),
  expiresAt: z.int(),
});
export type JobStatement = z.infer<typeof JobStatement>;

/** The one header of this relay's jobs, byte for byte what a device compares with (RFC 7515 4.1). */
export const jobHeader = (keyId: string): string =>
  toBase64url(Buffer.from(canonicalJson({ alg: 'ES256', kid: keyId, typ: 'rmm-job' })));

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const jobName = ({ id, lane }: Pick<JobStatement, 'id' | 'lane'>): string => `${id}.${lane}.job`;

/** The file of a job: its head, the signed statement (compact JWS, ES256), the script in base64. */
export function jobText(statement: Omit<JobStatement, 'scriptSha256' | 'v'>, script: string, key: JobKey): Uint8Array {
  const bytes = Buffer.from(script);
  const signed = JobStatement.parse({ ...statement, v: 1, scriptSha256: sha256Hex(bytes) });
  const body = `${jobHeader(key.id)}.${toBase64url(Buffer.from(canonicalJson(withoutGaps(signed))))}`;
  const signature = toBase64url(key.sign(Buffer.from(body)));
  return Buffer.from(`${JOB_HEAD}\n${body}.${signature}\n${bytes.toString('base64')}\n`);
}

/** Canonical JSON has no `undefined`. */
const withoutGaps = (value: object): object =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, member]: [string, unknown]) =>
      member === undefined
        ? []
        : [[name, typeof member === 'object' && member !== null ? withoutGaps(member) : member]],
    ),
  );
