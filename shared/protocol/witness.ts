// CHECKPOINT and WITNESS, since protocol 6: how far the audit trail reached, and the relay as the one who remembers it.
import { z } from 'zod';
import { Bytes } from '#shared/base/bytes.ts';
import { ERROR_CODES } from '#shared/base/errors.ts';
import { MARK_BYTES, MAX_MARKS, SignatureBytes, SignedCheckpoint, TrailPoint } from '#shared/model/audit-checkpoint.ts';

/** The first protocol whose peers know these messages. */
export const WITNESS_PROTOCOL = 6;

/** Counts up from 1 in a run of the console; the answer names it. */
const QuestionId = z.int().min(1);
const RowSeq = z.int().nonnegative();

const Marks = Bytes.refine(
  ({ length }) => length % MARK_BYTES === 0 && length <= MARK_BYTES * MAX_MARKS,
  `expected at most ${MAX_MARKS} marks of ${MARK_BYTES} bytes`,
);

/** `offer`: a newer checkpoint, with the marks of the rows up to it. `ask`: what is held of a span. `marks`: those of one checkpoint. */
export const CheckpointMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('offer'), signed: SignedCheckpoint, marks: Marks }),
  z.strictObject({
    kind: z.literal('ask'),
    question: QuestionId,
    nonce: Bytes.refine(({ length }) => length === 32, 'expected 32 bytes'),
    from: RowSeq,
    to: RowSeq,
  }),
  z.strictObject({ kind: z.literal('marks'), question: QuestionId, seq: RowSeq }),
]);
export type CheckpointMessage = z.infer<typeof CheckpointMessage>;

/** `taken` carries the counter-signature, `held` a HeldStatement as the text that was signed. */
export const WitnessMessage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('taken'),
    seq: RowSeq,
    hash: TrailPoint.shape.hash,
    /** SubjectPublicKeyInfo of the relay's key, DER. */
    spki: Bytes.refine(({ length }) => length === 44, 'expected 44 bytes'),
    signature: SignatureBytes,
  }),
  z.strictObject({
    kind: z.literal('refused'),
    seq: RowSeq,
    code: z.enum(ERROR_CODES),
    message: z.string().max(1_000),
  }),
  z.strictObject({
    kind: z.literal('held'),
    question: QuestionId,
    statement: z.string().max(60_000),
    spki: Bytes.refine(({ length }) => length === 44, 'expected 44 bytes'),
    signature: SignatureBytes,
  }),
  z.strictObject({ kind: z.literal('marks'), question: QuestionId, seq: RowSeq, marks: Marks }),
]);
export type WitnessMessage = z.infer<typeof WitnessMessage>;
