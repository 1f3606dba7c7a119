// Reading, writing and flushing an open file (MS-SMB2 2.2.17 to 2.2.22); a server may do less than it was asked.
import type { Reply } from './channel.ts';
import { chargeFor } from './credits.ts';
import { Fields, writeU64 } from './fields.ts';
import { BODY_AT, COMMAND, newRequest } from './header.ts';
import type { Share } from './share.ts';
import { STATUS, statusError } from './status.ts';

/** Of a write's body: data begins behind it, and so many bytes into the frame. */
const WRITE_HEAD = 48;
export const WRITE_DATA_AT = BODY_AT + WRITE_HEAD;

export interface Piece {
  data: Buffer;
  /** The data's memory is overwritten after this. */
  release(): void;
}

/** Undefined at the end of the file. */
export async function readAt(
  share: Share,
  id: Buffer,
  { offset, length }: { offset: number; length: number },
  signal: AbortSignal,
): Promise<Piece | undefined> {
  const { frame, body } = newRequest(49);
  body.writeUInt16LE(49, 0);
  // Where the server puts the data: right behind its head of 80 bytes, as it does anyway.
  body.writeUInt8(80, 2);
  body.writeUInt32LE(length, 4);
  writeU64(body, offset, 8);
  id.copy(body, 16);
  const reply = await share.ask({ command: COMMAND.read, frame, charge: chargeFor(length) }, signal);
  const { status } = reply.header;
  if (status === STATUS.endOfFile) return undefined;
  if (status !== STATUS.ok) throw statusError(status, 'read');
  return pieceOf(reply, length);
}

function pieceOf(reply: Reply, asked: number): Piece {
  const fields = new Fields(reply.message, 'read');
  const length = fields.u32(68);
  if (length === 0 || length > asked) throw fields.malformed(`${length} bytes where ${asked} were asked for`);
  return { data: fields.slice(fields.u8(66), length), release: reply.release };
}

/** A frame with room for so much data behind its head; `WRITE_DATA_AT` says where. */
export const newWriteFrame = (bytes: number): Buffer => Buffer.allocUnsafeSlow(WRITE_DATA_AT + bytes);

/** Sends what lies in the frame, again and again until the server has taken all of it. */
export async function writeAt(
  share: Share,
  id: Buffer,
  { frame, offset, length }: { frame: Buffer; offset: number; length: number },
  signal: AbortSignal,
): Promise<void> {
  let done = 0;
  let taken = 0;
  while (done < length) {
    const rest = length - done;
    // A short write is rare: what is left moves to the front, by what the last one took.
    if (taken > 0) frame.copyWithin(WRITE_DATA_AT, WRITE_DATA_AT + taken, WRITE_DATA_AT + taken + rest);
    taken = await writeOnce(
      share,
      id,
      { frame: frame.subarray(0, WRITE_DATA_AT + rest), offset: offset + done },
      signal,
    );
    done += taken;
  }
}

async function writeOnce(
  share: Share,
  id: Buffer,
  { frame, offset }: { frame: Buffer; offset: number },
  signal: AbortSignal,
): Promise<number> {
  const body = frame.subarray(BODY_AT);
  const length = frame.length - WRITE_DATA_AT;
  body.fill(0, 0, WRITE_HEAD);
  body.writeUInt16LE(49, 0);
  body.writeUInt16LE(64 + WRITE_HEAD, 2);
  body.writeUInt32LE(length, 4);
  writeU64(body, offset, 8);
  id.copy(body, 16);
  const request = { command: COMMAND.write, frame, charge: chargeFor(length) };
  const reply = await share.send(request, 'write', signal);
  const fields = new Fields(reply.body, 'write');
  const count = fields.u32(4);
  reply.release();
  if (count === 0 || count > length) throw fields.malformed(`${count} bytes written of ${length}`);
  return count;
}

export async function flush(share: Share, id: Buffer, signal: AbortSignal): Promise<void> {
  const { frame, body } = newRequest(24);
  body.writeUInt16LE(24, 0);
  id.copy(body, 8);
  (await share.send({ command: COMMAND.flush, frame }, 'flush', signal)).release();
}
