// What a fake Windows host is told to do wrong, or more strictly than the default: switches that tests turn while it runs.
import { z } from 'zod';

const Name = z.string().max(256);

/** Where in an exchange the connection breaks off without a word. */
export const DropPoint = z.enum([
  'connect',
  /** A request came and is not looked at. */
  'request',
  /** Instead of the challenge, and right after it. */
  'challenge',
  'after-challenge',
  /** The request was carried out and its answer is not sent. */
  'before-answer',
  'half-answer',
  'after-answer',
]);
export type DropPoint = z.infer<typeof DropPoint>;

export const HostMode = z.strictObject({
  /** Connections are reset at once and open ones die, as of a machine without power. */
  isDown: z.boolean(),
  /** TCP is accepted and nothing is ever answered. */
  isBlackHole: z.boolean(),
  /** Wait before each answer; with `tarpitBytesPerS` the answer then drips. */
  delayMs: z.int().min(0).max(3_600_000),
  tarpitBytesPerS: z.int().min(0).max(10_000_000),
  /** Nobody is let in, whatever they prove. */
  refusesLogin: z.boolean(),
  /** As policy can demand: whoever comes with NTLM is not let in. */
  refusesNtlm: z.boolean(),
  /** An idle connection is closed after this; 0: never. */
  idleCloseMs: z.int().min(0).max(3_600_000),
  /** Breaks the next `times` exchanges at this point; `after`: matching exchanges let through first. */
  drop: z
    .strictObject({
      point: DropPoint,
      times: z.int().min(0),
      action: Name.optional(),
      after: z.int().min(0).optional(),
    })
    .nullable(),
  /** One bit of what a sealed answer holds there is turned over. */
  flipBit: z.enum(['none', 'signature', 'data', 'signature-length', 'length']),
  /** A sealed request is answered in the clear, as by a man in the middle. */
  answersPlain: z.boolean(),
  challenge: z.enum([
    'none',
    'no-seal',
    'no-sign',
    'no-session-security',
    'no-key-exchange',
    'no-128',
    'no-unicode',
    'no-target-info',
    'no-timestamp',
  ]),
  cbt: z.enum(['none', 'relaxed', 'strict']),
  framing: z.enum(['tab', 'no-tab', 'extra-crlf']),
  /** `first-only`: a sealed body beside the last token of a login is not read, as some versions are said to do. */
  readsBodyOfLogin: z.boolean(),
  /** What other schemes the 401 offers besides; a client takes none of them. */
  alsoOffers: z.array(Name).max(8),
  deniedClasses: z.array(Name).max(200),
  missingClasses: z.array(Name).max(200),
  deniedNamespaces: z.array(Name).max(200),
  /** Shells are not for this login. */
  deniesShells: z.boolean(),
});
export type HostMode = z.infer<typeof HostMode>;

/** A host as it comes out of the box. */
export const DEFAULT_MODE: HostMode = {
  isDown: false,
  isBlackHole: false,
  delayMs: 0,
  tarpitBytesPerS: 0,
  refusesLogin: false,
  refusesNtlm: false,
  idleCloseMs: 0,
  drop: null,
  flipBit: 'none',
  answersPlain: false,
  challenge: 'none',
  cbt: 'relaxed',
  framing: 'tab',
  readsBodyOfLogin: true,
  alsoOffers: [],
  deniedClasses: [],
  missingClasses: [],
  deniedNamespaces: [],
  deniesShells: false,
};

/** Limits of the service as `winrm get winrm/config` shows them on a host nobody changed. */
export interface HostLimits {
  maxOperationsPerUser: number;
  maxShellsPerUser: number;
  maxShellUsers: number;
  maxConnections: number;
  maxEnvelopeBytes: number;
  maxTimeoutMs: number;
  enumerationTimeoutMs: number;
  shellIdleMs: number;
  /** A page of a Pull ends here although more was asked for; as recorded. */
  pageBytes: number;
}

export const DEFAULT_LIMITS: HostLimits = {
  maxOperationsPerUser: 1_500,
  maxShellsPerUser: 30,
  maxShellUsers: 10,
  maxConnections: 300,
  maxEnvelopeBytes: 500 * 1_024,
  maxTimeoutMs: 60_000,
  enumerationTimeoutMs: 240_000,
  shellIdleMs: 7_200_000,
  pageBytes: 75_000,
};
