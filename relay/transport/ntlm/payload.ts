// How NTLM messages point at their payload: length, room, offset (MS-NLMP 2.2.1). Every one is checked before it is followed.
import { SecurityFailure } from '#relay/transport/security-context.ts';

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');

export type MessageType = 1 | 2 | 3;

/** The first 12 bytes of each message. */
export function messageHead(type: MessageType): Buffer {
  const head = Buffer.alloc(12);
  SIGNATURE.copy(head);
  head.writeUInt32LE(type, 8);
  return head;
}

// 64 KiB: a challenge has two fields of at most 65,535 bytes and real ones a few hundred; HTTP headers end earlier.
const MAX_MESSAGE_BYTES = 65_536;

/** The message as a Buffer over the same bytes, once its head is what it must be. */
export function checkedMessage(token: Uint8Array, type: MessageType, headBytes: number): Buffer {
  const message = Buffer.from(token.buffer, token.byteOffset, token.byteLength);
  if (message.length > MAX_MESSAGE_BYTES)
    throw new SecurityFailure('malformed', `NTLM message ${type}: ${message.length} bytes are too many`);
  if (message.length < headBytes)
    throw new SecurityFailure('malformed', `NTLM message ${type}: ${message.length} bytes are too few`);
  if (!message.subarray(0, 8).equals(SIGNATURE) || message.readUInt32LE(8) !== type)
    throw new SecurityFailure('malformed', `NTLM message ${type}: it does not begin like one`);
  return message;
}

/** The bytes that the field at `at` points to; never inside the head, never past the end. An empty field may point anywhere. */
export function readField(message: Buffer, at: number, headBytes: number, name: string): Buffer {
  const length = message.readUInt16LE(at);
  const offset = message.readUInt32LE(at + 4);
  if (length === 0) return Buffer.alloc(0);
  if (offset < headBytes || offset + length > message.length)
    throw new SecurityFailure('malformed', `NTLM: ${name} lies outside of its message`);
  return message.subarray(offset, offset + length);
}

/** Writes the field at `at` for bytes that stand at `offset`; gives the offset behind them. */
export function writeField(head: Buffer, at: number, content: Uint8Array, offset: number): number {
  head.writeUInt16LE(content.length, at);
  head.writeUInt16LE(content.length, at + 2);
  head.writeUInt32LE(offset, at + 4);
  return offset + content.length;
}

export const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
