// Secrets that stand for a person: 256 random bits, shown once; only their SHA-256 is stored.
import { createHash } from 'node:crypto';
import type { RandomBytes } from '#shared/base/id.ts';

/** The prefix lets scanners of repositories and logs know what they found. */
const PREFIXES = { link: 'rmml_', session: 'rmms_', token: 'rmmt_' } as const;

export const newSecret = (kind: keyof typeof PREFIXES, random: RandomBytes): string =>
  PREFIXES[kind] + Buffer.from(random(new Uint8Array(32))).toString('base64url');

/** Lower-case hex SHA-256. 256 random bits need no salt and no slow hash. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
