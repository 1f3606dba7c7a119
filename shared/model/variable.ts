// A sealed variable of a site: a value that orders may use on devices. The console keeps it and can read none of it.
import { z } from 'zod';
import { SiteId } from '#shared/base/id.ts';
import { B64u } from './charter.ts';
import { SealedBox } from './credential.ts';
import { PasskeySignature } from './manifest.ts';
import { VariableName } from './variable-name.ts';

/** Every value travels inside an order's script; a longer secret is a file, and files go to devices by other ways. */
export const MAX_VALUE_BYTES = 4_096;

/** What is shorter turns up in output by chance: hiding it would hide what was meant to be read, and give it away by that. */
export const LEAST_VALUE_CHARACTERS = 8;

const sizeOf = (text: string) => new TextEncoder().encode(text).length;

export const VariableValue = z
  .string()
  .refine((value) => sizeOf(value) <= MAX_VALUE_BYTES, `a value has at most ${MAX_VALUE_BYTES} bytes`)
  .refine((value) => !value.includes('\0'), 'a value holds no NUL byte')
  .refine(
    (value) => sizeOf(value.replaceAll(/\s/g, '')) >= LEAST_VALUE_CHARACTERS,
    `a value has at least ${LEAST_VALUE_CHARACTERS} characters, blanks not counted: a shorter one cannot be hidden in what a command prints`,
  );

/** Actions that run a text of their own. */
export const VariableAction = z.enum(['command.run']);
export type VariableAction = z.infer<typeof VariableAction>;

/** What every box of a variable is bound to: a box moved to another place opens nowhere. */
export const VariableHeader = z.strictObject({
  v: z.literal(1),
  kind: z.literal('variable'),
  site: SiteId,
  name: VariableName,
  /** Rises with each change; a relay never goes back. */
  version: z.int().min(1),
});
export type VariableHeader = z.infer<typeof VariableHeader>;

const USE = {
  /** Which actions may read it. */
  actions: z.array(VariableAction).min(1).max(4),
  /** Given to no order from then on, milliseconds UTC. */
  notAfter: z.int().nonnegative().optional(),
};

/** Inside the box: opened at a relay, in memory only. */
export const VariableSecret = z.strictObject({ value: VariableValue, ...USE });
export type VariableSecret = z.infer<typeof VariableSecret>;

/** Sixteen relays of one site and the owners' escrow key. */
export const MAX_VARIABLE_BOXES = 17;

/** Every byte of a value may take six in JSON; in base64url that is 32 KiB, and what it may be used for is little more. */
const VariableBox = SealedBox.extend({ ciphertext: B64u.max(36 * 1024) });

/** What is signed. No box: the variable is deleted, and relays forget it. */
export const VariableStatement = VariableHeader.extend({
  issuedAt: z.int().nonnegative(),
  /** Told beside the boxes so that it can be shown; a relay refuses a box that says something else. */
  use: z.strictObject(USE).optional(),
  boxes: z
    .array(z.strictObject({ to: B64u.length(43), hash: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(MAX_VARIABLE_BOXES),
}).refine(({ use, boxes }) => (use === undefined) === (boxes.length === 0), {
  message: 'what it may be used for stands beside its boxes, and only there',
});
export type VariableStatement = z.infer<typeof VariableStatement>;

/** Seventeen boxes are named with 150 bytes each. */
const MAX_STATEMENT = 4_096;

export const SealedVariable = z
  .strictObject({
    /** Compact Ed25519 JWS by a technician of the charter, whose payload is the statement; or a passkey's assertion on it. */
    signature: z.union([z.string().max(2 * MAX_STATEMENT), PasskeySignature]),
    /** The canonical text that a passkey signed. */
    statement: z.string().max(MAX_STATEMENT).optional(),
    boxes: z.array(VariableBox).max(MAX_VARIABLE_BOXES),
  })
  .refine(({ signature, statement }) => (typeof signature === 'string') === (statement === undefined), {
    message: 'the statement stands beside the signature of a passkey, and only there',
  });
export type SealedVariable = z.infer<typeof SealedVariable>;

/** One variable at one relay. `unreadable`: none of its boxes is for this relay's key: set it again. */
export const HeldVariable = z.strictObject({
  name: VariableName,
  version: z.int().min(1),
  state: z.enum(['open', 'unreadable', 'deleted']),
});
export type HeldVariable = z.infer<typeof HeldVariable>;

/** Deleted ones count, as their versions are remembered. */
export const MAX_VARIABLES = 500;
