// Messages on a stream of bytes: a head of JSON and a body of bytes, each behind its length, no larger than both sides agreed on.
import { AppError } from '#shared/base/errors.ts';

/** 256 KiB: a page of entries with the longest names there are. */
export const MAX_HEAD_BYTES = 262_144;
/** 1 MiB: one chunk of a file, or the hashes of 32,768 chunks. */
export const MAX_BODY_BYTES = 1_048_576;

export interface Message {
  /** Parsed, not judged: a schema does that. */
  head: unknown;
  body: Uint8Array;
}

const LENGTHS_BYTES = 8;
const NO_BYTES = new Uint8Array();
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** One piece of memory, so that a message is one write. */
export function encodeMessage(head: unknown, body: Uint8Array = NO_BYTES): Uint8Array {
  const text = encoder.encode(JSON.stringify(head));
  if (text.length > MAX_HEAD_BYTES || body.length > MAX_BODY_BYTES)
    throw new AppError('too-large', `a message of ${text.length} and ${body.length} bytes`);
  const whole = new Uint8Array(LENGTHS_BYTES + text.length + body.length);
  const view = new DataView(whole.buffer);
  view.setUint32(0, text.length);
  view.setUint32(4, body.length);
  whole.set(text, LENGTHS_BYTES);
  whole.set(body, LENGTHS_BYTES + text.length);
  return whole;
}

/** Puts messages together from pieces of any size; memory is taken when the lengths were judged, and once. */
export class MessageReader {
  readonly #lengths = new Uint8Array(LENGTHS_BYTES);
  #filled = 0;
  #headBytes = 0;
  /** Head and body of the message under way; undefined while its lengths are read. */
  #content: Uint8Array | undefined;

  /** Throws `frame-oversized` or `frame-malformed`; nothing that comes after it can be understood. */
  *push(bytes: Uint8Array): Generator<Message> {
    let rest = bytes;
    while (rest.length > 0) {
      const into = this.#content ?? this.#lengths;
      const count = Math.min(rest.length, into.length - this.#filled);
      into.set(rest.subarray(0, count), this.#filled);
      this.#filled += count;
      rest = rest.subarray(count);
      if (this.#filled < into.length) return;
      this.#filled = 0;
      if (this.#content === undefined) this.#begin();
      else yield this.#end(this.#content);
    }
  }

  #begin(): void {
    const view = new DataView(this.#lengths.buffer);
    const bodyBytes = view.getUint32(4);
    this.#headBytes = view.getUint32(0);
    if (this.#headBytes > MAX_HEAD_BYTES || bodyBytes > MAX_BODY_BYTES)
      throw new AppError('frame-oversized', `a message of ${this.#headBytes} and ${bodyBytes} bytes`);
    // "{}" is the shortest head.
    if (this.#headBytes < 2) throw new AppError('frame-malformed', 'a message without a head');
    this.#content = new Uint8Array(this.#headBytes + bodyBytes);
  }

  #end(content: Uint8Array): Message {
    this.#content = undefined;
    try {
      const head: unknown = JSON.parse(decoder.decode(content.subarray(0, this.#headBytes)));
      return { head, body: content.subarray(this.#headBytes) };
    } catch (error) {
      throw new AppError('frame-malformed', 'the head of a message is no JSON', { cause: error });
    }
  }
}
