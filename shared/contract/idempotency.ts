// The header with which a client may send the same POST again without its being done again.

/** 1 to 200 printable characters, new for each request: a UUID, for instance. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';
/** "true" on an answer that was given before. */
export const REPLAYED = 'Idempotency-Replayed';
/** A larger answer is not kept: a thousand ids are 40 KB. */
export const KEPT_ANSWER_BYTES = 256 * 1024;
