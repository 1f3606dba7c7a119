// What a session is opened for, as a person signs it: a terminal, files or a tunnel, whose key it is, and how much it may carry.
import { z } from 'zod';

/** Raw X25519 public key, base64url: made for one session by whoever signs it, and never used for another. */
const SessionKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'an X25519 public key is 43 characters of base64url');

const BOUNDS = {
  key: SessionKey,
  /** Nothing came or went for so long: it ends. From a moment's thought to a lunch break. */
  idleMs: z.int().min(10_000).max(3_600_000),
  /** Bytes both ways together; at the bound it ends. 1 TiB: an image of a disk. */
  maxBytes: z
    .int()
    .min(1_024)
    .max(1024 ** 4),
};

/** A window of a terminal, in characters. */
export const WindowSize = z.strictObject({
  cols: z.int().min(1).max(1_000),
  rows: z.int().min(1).max(1_000),
});
export type WindowSize = z.infer<typeof WindowSize>;

export const SessionArguments = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('terminal'),
    ...BOUNDS,
    ...WindowSize.shape,
    /** On Windows; elsewhere the login shell of the relay's login is what opens. */
    shell: z.enum(['powershell', 'cmd']).optional(),
  }),
  z.strictObject({
    kind: z.literal('files'),
    ...BOUNDS,
    /** Nothing above it is reached. Absent: the whole device, as far as the login leads. */
    root: z
      .string()
      .regex(/^\/[^\0]*$/)
      .max(1_024)
      .optional(),
    /** Nothing is written, renamed or removed. */
    isReadOnly: z.literal(true).optional(),
  }),
  z.strictObject({
    kind: z.literal('tunnel'),
    ...BOUNDS,
    /** The device of the order where it is absent; else a host inside the networks of the site's charter. */
    host: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/)
      .optional(),
    port: z.int().min(1).max(65_535),
  }),
]);
export type SessionArguments = z.infer<typeof SessionArguments>;
export type SessionKind = SessionArguments['kind'];
export type ArgumentsOf<K extends SessionKind> = Extract<SessionArguments, { kind: K }>;
