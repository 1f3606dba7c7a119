// What a device decides about a job, in TypeScript and without a line of the relay's code: the checks of Invoke-RmmJob.ps1, in its order.
import { createHash, createPublicKey, verify } from 'node:crypto';

/** The members that the device reads of a job. */
export interface ReadJob {
  v: number;
  id: string;
  kind: string;
  lane: string;
  order?: string;
  device?: { key: string; smbiosUuid?: string; machineId?: string };
  scriptSha256: string;
  timeoutMs: number;
  maxOutputBytes: number;
  keepTruncated: boolean;
  notBefore: number;
  expiresAt: number;
}

export interface JudgeAsk {
  /** From the name of the file. */
  fileId: string;
  lane: string;
  /** X and Y of the pinned relay's key, base64url. */
  relayKey: string;
  /** Of this device's own key. */
  deviceFingerprint: string;
  identity: { smbiosUuid?: string | undefined; machineId?: string | undefined };
  now: number;
  floor: number;
  seen: ReadonlySet<string>;
}

export type Judged = { why: string } | { why: undefined; job: ReadJob; script: Buffer };

const MAX_JOB_BYTES = 1_048_576;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes);

export const fingerprintOf = (point: Uint8Array): string =>
  `SHA256:${sha256(point).digest('base64').replace(/=+$/, '')}`;

function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

const headerOf = (relayKey: string) =>
  Buffer.from(`{"alg":"ES256","kid":"${fingerprintOf(Buffer.from(relayKey, 'base64url'))}","typ":"rmm-job"}`).toString(
    'base64url',
  );

function isSigned(relayKey: string, text: string, signature: Buffer): boolean {
  const point = Buffer.from(relayKey, 'base64url');
  const key = createPublicKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(0, 32).toString('base64url'),
      y: point.subarray(32).toString('base64url'),
    },
    format: 'jwk',
  });
  return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

const refuse = (why: string): Judged => ({ why });

export function judgeJob(bytes: Uint8Array, ask: JudgeAsk): Judged {
  if (bytes.length > MAX_JOB_BYTES) return refuse('too-large');
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  const [head, jws = '', scriptText = '', rest] = lines;
  if (lines.length !== 4 || head !== 'rmm-job 1' || rest !== '') return refuse('not-a-job');
  const parts = jws.split('.');
  const [header, payloadText = '', signatureText = ''] = parts;
  if (parts.length !== 3) return refuse('not-a-job');
  if (header !== headerOf(ask.relayKey)) return refuse('wrong-key');
  const signature = fromBase64url(signatureText);
  const payload = fromBase64url(payloadText);
  const script = Buffer.from(scriptText, 'base64');
  if (signature === undefined || payload === undefined || script.toString('base64') !== scriptText)
    return refuse('not-a-job');
  if (signature.length !== 64 || !isSigned(ask.relayKey, `${header}.${payloadText}`, signature))
    return refuse('altered');
  const job = JSON.parse(payload.toString('utf8')) as ReadJob; // the signature has said whose words these are
  return judgeSigned(job, script, ask);
}

function judgeSigned(job: ReadJob, script: Buffer, ask: JudgeAsk): Judged {
  if (job.v !== 1) return refuse('not-a-job');
  if (job.id !== ask.fileId || job.lane !== ask.lane) return refuse('misnamed');
  if (sha256(script).digest('hex') !== job.scriptSha256) return refuse('altered');
  if (!isForDevice(job, ask)) return refuse('other-device');
  if (job.notBefore > ask.now) return refuse('early');
  if (job.expiresAt <= Math.max(ask.now, ask.floor)) return refuse('expired');
  return ask.seen.has(job.id) ? refuse('replayed') : { why: undefined, job, script };
}

function isForDevice({ device, kind }: ReadJob, { deviceFingerprint, identity }: JudgeAsk): boolean {
  if (device === undefined) return kind === 'hello';
  if (device.key !== deviceFingerprint) return false;
  const isSame = (named: string | undefined, own: string | undefined) =>
    named === undefined || named.toLowerCase() === (own ?? '').trim().toLowerCase();
  return isSame(device.smbiosUuid, identity.smbiosUuid) && isSame(device.machineId, identity.machineId);
}
