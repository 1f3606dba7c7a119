// A device's answer as text: four lines, signed by the key the device made for itself. Hostile until every line of it fits.
import { z } from 'zod';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { isEs256By, pointFingerprint, pointFromText } from '#shared/crypto/p256-key.ts';
import { Sha256Hex } from '#shared/model/record.ts';
import { fromBase64url, toBase64url } from '#shared/seal/base64url.ts';
import { sha256Hex } from './job-text.ts';

export const ANSWER_HEAD = 'rmm-answer 1';
export const ANSWER_HEADER = toBase64url(Buffer.from('{"alg":"ES256","typ":"rmm-answer"}'));

/** 16 KiB: the statement with 32 network addresses is 2 KiB before it is encoded. */
const MAX_STATEMENT_CHARACTERS = 16_384;

/** Why a device ran nothing, in the words that its script writes. */
export const REFUSALS = [
  'not-a-job', // no three lines of our form
  'wrong-key', // signed by nobody this device knows
  'altered', // the signature does not fit, or the script is another one
  'misnamed', // the file bears another id or lane than what was signed
  'other-device',
  'early',
  'expired',
  'replayed', // it came before
  'too-large',
  'interrupted', // the device stopped while it ran: what became of it is not known
] as const;

const At = z.int().nonnegative().max(8_640_000_000_000_000);
const Text = z.string().max(256);

/** How a script ended on the device. */
const JobEnd = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exit'), code: z.int() }),
  z.strictObject({ kind: z.literal('timed-out') }),
  z.strictObject({ kind: z.literal('stopped') }),
  z.strictObject({ kind: z.literal('too-large') }),
  z.strictObject({ kind: z.literal('not-started'), detail: Text }),
]);

const AnswerBase = {
  v: z.literal(1),
  /** The id of the job, as its file was named. */
  job: z.uuid(),
  /** The point of the device's own key. */
  key: z.string().length(86),
  /** The device's clock when it answered. */
  at: At,
  stdoutSha256: Sha256Hex,
  stderrSha256: Sha256Hex,
};

export const AnswerStatement = z.discriminatedUnion('kind', [
  z.strictObject({ ...AnswerBase, kind: z.literal('refused'), why: z.enum(REFUSALS) }),
  z.strictObject({ ...AnswerBase, kind: z.literal('ran'), end: JobEnd, isTruncated: z.boolean(), startedAt: At }),
  z.strictObject({
    ...AnswerBase,
    kind: z.literal('hello'),
    identity: z.strictObject({
      smbiosUuid: Text.nullable(),
      serial: Text.nullable(),
      boardSerial: Text.nullable(),
      machineId: Text.nullable(),
      macs: z.array(Text).max(64),
    }),
    hostname: Text.nullable(),
  }),
]);
export type AnswerStatement = z.infer<typeof AnswerStatement>;

export interface Answer {
  statement: AnswerStatement;
  stdout: Uint8Array;
  stderr: Uint8Array;
  /** Of the key that signed it. */
  fingerprint: string;
}

export const answerName = (job: string): string => `${job}.answer`;

/** Bytes of the largest answer whose outputs keep their cap. */
export const maxAnswerBytes = (maxOutputBytes: number): number =>
  MAX_STATEMENT_CHARACTERS + 1_024 + 2 * Math.ceil((maxOutputBytes + 2) / 3) * 4;

interface Expected {
  job: string;
  maxOutputBytes: number;
  /** Fingerprint of the key this device has shown; undefined where it is asked who it is. */
  fingerprint?: string | undefined;
}

/** The answer in the bytes of a file, or what is wrong with it. Nothing of it is used before all of it fits. */
export function openAnswer(bytes: Uint8Array, expected: Expected): Outcome<Answer> {
  const [head, jws = '', out, err, rest, ...more] = Buffer.from(bytes).toString('latin1').split('\n');
  if (head !== ANSWER_HEAD || out === undefined || err === undefined || rest !== '' || more.length > 0)
    return fail('malformed', 'the answer has not the four lines of its form');
  const statement = openStatement(jws);
  if (!statement.ok) return statement;
  const { job, key, stdoutSha256, stderrSha256 } = statement.value;
  const point = pointFromText(key);
  const fingerprint = point && pointFingerprint(point);
  if (point === undefined || fingerprint === undefined || !isSignedBy(point, jws))
    return fail('malformed', 'the answer is not signed by the key it names');
  if (expected.fingerprint !== undefined && fingerprint !== expected.fingerprint)
    return fail('identity-changed', `the answer is signed by another device, whose key is ${fingerprint}`);
  if (job !== expected.job) return fail('malformed', 'the answer belongs to another job');
  const stdout = outputOf(out, stdoutSha256, expected.maxOutputBytes);
  if (!stdout.ok) return stdout;
  const stderr = outputOf(err, stderrSha256, expected.maxOutputBytes);
  if (!stderr.ok) return stderr;
  return succeed({ statement: statement.value, stdout: stdout.value, stderr: stderr.value, fingerprint });
}

function openStatement(jws: string): Outcome<AnswerStatement> {
  const malformed = fail('malformed', 'the answer states nothing that can be read');
  if (jws.length > MAX_STATEMENT_CHARACTERS) return malformed;
  const [header, payload = '', , ...rest] = jws.split('.');
  const bytes = fromBase64url(payload);
  if (header !== ANSWER_HEADER || bytes === undefined || rest.length > 0) return malformed;
  try {
    const parsed = AnswerStatement.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return parsed.success ? succeed(parsed.data) : malformed;
  } catch {
    return malformed; // no JSON
  }
}

function isSignedBy(point: Uint8Array, jws: string): boolean {
  const end = jws.lastIndexOf('.');
  const signature = fromBase64url(jws.slice(end + 1));
  return signature !== undefined && isEs256By(point, Buffer.from(jws.slice(0, end)), signature);
}

function outputOf(text: string, sha256: string, maxBytes: number): Outcome<Uint8Array> {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return fail('malformed', 'an output of the answer is no base64');
  if (bytes.length > maxBytes) return fail('too-large', `an output of the answer has more than ${maxBytes} bytes`);
  return sha256Hex(bytes) === sha256 ? succeed(bytes) : fail('malformed', 'an output of the answer was altered');
}
