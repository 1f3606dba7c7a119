// What a tunnel's stream carries: connections side by side, each piece with the number of its connection and its kind.
import { AppError } from '#shared/base/errors.ts';

export const FRAME_KINDS = ['open', 'data', 'credit', 'end', 'reset', 'leave'] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

export interface TunnelFrame {
  kind: FrameKind;
  /** Counts up from 1; 0 for what concerns the whole. */
  connection: number;
  payload: Uint8Array;
}

/** Kind, connection, length. */
const HEAD_BYTES = 9;
/** With its head one sealed message of a session (32 KiB). */
export const MAX_PAYLOAD_BYTES = 32 * 1024 - HEAD_BYTES;
const NO_BYTES = new Uint8Array();

export function encodeFrame(kind: FrameKind, connection: number, payload: Uint8Array = NO_BYTES): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FRAME_KINDS.indexOf(kind));
  view.setUint32(1, connection);
  view.setUint32(5, payload.length);
  bytes.set(payload, HEAD_BYTES);
  return bytes;
}

export function encodeCredit(connection: number, bytes: number): Uint8Array {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, bytes);
  return encodeFrame('credit', connection, payload);
}

export function creditOf({ payload }: TunnelFrame): number {
  if (payload.length !== 4) throw new AppError('frame-malformed', 'credit of a tunnel is four bytes');
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0);
}

/** Puts frames together from pieces of any size. */
export class FrameReader {
  #rest: Uint8Array = NO_BYTES;

  /** Throws for what no peer of ours sends; nothing that comes after it can be understood. */
  *push(bytes: Uint8Array): Generator<TunnelFrame> {
    // Frames are sent one a message: there is seldom a rest, and what there is is less than a frame.
    let all = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes);
    for (;;) {
      const frame = frameAt(all);
      if (frame === undefined) break;
      all = all.subarray(HEAD_BYTES + frame.payload.length);
      yield frame;
    }
    this.#rest = all.length === 0 ? NO_BYTES : all.slice();
  }
}

function frameAt(bytes: Uint8Array): TunnelFrame | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = FRAME_KINDS[view.getUint8(0)];
  const length = view.getUint32(5);
  if (kind === undefined || length > MAX_PAYLOAD_BYTES)
    throw new AppError('frame-malformed', `no frame of a tunnel: kind ${view.getUint8(0)}, ${length} bytes`);
  if (bytes.length < HEAD_BYTES + length) return undefined;
  return { kind, connection: view.getUint32(1), payload: bytes.subarray(HEAD_BYTES, HEAD_BYTES + length) };
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}
