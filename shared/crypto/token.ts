// Secrets that are shown once and kept as a hash, and the one-word text that carries an enrolment token to a site.
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';

// 192 bits: no guessing, and still 32 characters without padding.
const SECRET_BYTES = 24;
const SECRET_LENGTH = 32;

const PREFIX = 'rmm';
const VERSION = 1;
// 48 bits: catches a cut or mistyped word, which is all it is for.
const CHECKSUM_LENGTH = 8;

/** A new secret, base64url: for enrolment tokens, sign-in links, sessions and API tokens. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** Lower-case hex SHA-256: what is stored. A full-entropy secret needs no slow hash. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** What an enrolment token tells a relay: where the console is, how to know it, and by what to be let in. */
export const EnrolmentToken = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((url) => !url.includes('@'), 'a console URL carries no user name or password'),
  /** Lower-case hex SHA-256 of the authority's certificate (DER). */
  authority: z.string().regex(/^[0-9a-f]{64}$/),
  id: z.uuid(),
  secret: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .length(SECRET_LENGTH),
});
export type EnrolmentToken = z.infer<typeof EnrolmentToken>;

const checksumOf = (payload: string) =>
  createHash('sha256').update(payload).digest('base64url').slice(0, CHECKSUM_LENGTH);

/** One word that needs no quotes in a shell: `rmm1.<payload>.<checksum>`. */
export function formatToken(token: EnrolmentToken): string {
  const payload = Buffer.from(canonicalJson(EnrolmentToken.parse(token))).toString('base64url');
  return `${PREFIX}${VERSION}.${payload}.${checksumOf(payload)}`;
}

const refuse = (what: string): never => {
  throw new AppError('bad-request', `enrolment token: ${what}`);
};

/** The token in what a person pasted; the message names the fault and never repeats the text. */
export function parseToken(text: string): EnrolmentToken {
  const word = text.trim();
  if (word.length > 4_096) refuse('far too long');
  const match = /^rmm(\d{1,3})\.([^.]*)(?:\.([^.]*))?$/.exec(word);
  if (match === null) return refuse('not one; it is one word that begins with "rmm1."');
  const [, version, payload = '', checksum] = match;
  if (Number(version) !== VERSION) refuse(`of version ${version}; this build reads version ${VERSION}`);
  if (checksum === undefined || checksum.length < CHECKSUM_LENGTH) refuse('cut off at the end; copy the whole word');
  if (!/^[A-Za-z0-9_-]+$/.test(payload)) refuse('holds characters that none has; copy it again');
  if (checksum !== checksumOf(payload)) refuse('mistyped or changed on the way; the checksum does not fit');
  return readPayload(payload);
}

function readPayload(payload: string): EnrolmentToken {
  try {
    return EnrolmentToken.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    // No cause: a parser's message may quote the secret.
    return refuse('its content has not the form of one');
  }
}
