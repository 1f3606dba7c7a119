// The 64 bytes in front of every SMB2 message (MS-SMB2 2.2.1), and the room a request is written into.
import { Fields, writeU64 } from './fields.ts';

/** MS-SMB2 2.2.1.2. */
export const COMMAND = {
  negotiate: 0,
  sessionSetup: 1,
  logoff: 2,
  treeConnect: 3,
  treeDisconnect: 4,
  create: 5,
  close: 6,
  flush: 7,
  read: 8,
  write: 9,
  ioctl: 11,
  cancel: 12,
  echo: 13,
  queryDirectory: 14,
  changeNotify: 15,
  queryInfo: 16,
  setInfo: 17,
} as const;
export type Command = (typeof COMMAND)[keyof typeof COMMAND];

/** MS-SMB2 2.2.1.2, Flags. */
export const FLAG = { reply: 0x1, async: 0x2, related: 0x4, signed: 0x8 } as const;

export const HEADER_BYTES = 64;
/** Of the TCP frame (MS-SMB2 2.1): a zero and a length of 24 bits. */
export const FRAME_BYTES = 4;
/** Where a request's body begins in its frame. */
export const BODY_AT = FRAME_BYTES + HEADER_BYTES;
/** 0xFE "SMB" and 0xFD "SMB", read as little-endian numbers (MS-SMB2 2.2.1, 2.2.41). */
export const PLAIN_ID = 0x424d53fe;
export const TRANSFORM_ID = 0x424d53fd;
export const SIGNATURE_AT = 48;
export const SIGNATURE_BYTES = 16;
/** Where in the header these stand. */
const AT = {
  charge: 6,
  status: 8,
  command: 12,
  credits: 14,
  flags: 16,
  next: 20,
  messageId: 24,
  tree: 36,
  session: 40,
};

export interface Header {
  status: number;
  command: number;
  credits: number;
  flags: number;
  /** Offset of the next message of a compound; 0 for the last. */
  next: number;
  /** Undefined for what the server says unasked (all ones, MS-SMB2 2.2.23). */
  messageId: number | undefined;
  /** In an interim answer and in the one that follows it; a peer's opaque number. */
  asyncId: bigint;
  treeId: number;
  sessionId: bigint;
}

export function decodeHeader(message: Buffer): Header {
  const fields = new Fields(message, 'header');
  if (message.length < HEADER_BYTES) throw fields.malformed(`${message.length} bytes`);
  if (fields.u32(0) !== PLAIN_ID) throw fields.malformed('it does not begin as SMB2 does');
  if (fields.u16(4) !== HEADER_BYTES) throw fields.malformed('its size is not 64');
  const isUnasked = fields.u32(AT.messageId) === 0xffffffff && fields.u32(AT.messageId + 4) === 0xffffffff;
  return {
    status: fields.u32(AT.status),
    command: fields.u16(AT.command),
    credits: fields.u16(AT.credits),
    flags: fields.u32(AT.flags),
    next: fields.u32(AT.next),
    messageId: isUnasked ? undefined : fields.u64(AT.messageId),
    asyncId: fields.slice(32, 8).readBigUInt64LE(),
    treeId: fields.u32(AT.tree),
    sessionId: fields.slice(AT.session, 8).readBigUInt64LE(),
  };
}

export interface RequestHead {
  command: Command;
  /** Credits of 64 KiB each (MS-SMB2 3.1.5.2). */
  charge: number;
  credits: number;
  flags: number;
  next?: number;
  messageId: number;
  asyncId?: bigint;
  treeId: number;
  sessionId: bigint;
}

/** Writes the head into a message that begins at its first byte. */
export function writeHeader(message: Buffer, head: RequestHead): void {
  message.fill(0, 0, HEADER_BYTES);
  message.writeUInt32LE(PLAIN_ID, 0);
  message.writeUInt16LE(HEADER_BYTES, 4);
  message.writeUInt16LE(head.charge, AT.charge);
  message.writeUInt16LE(head.command, AT.command);
  message.writeUInt16LE(head.credits, AT.credits);
  message.writeUInt32LE(head.flags, AT.flags);
  message.writeUInt32LE(head.next ?? 0, AT.next);
  writeU64(message, head.messageId, AT.messageId);
  if (head.asyncId === undefined) message.writeUInt32LE(head.treeId, AT.tree);
  else message.writeBigUInt64LE(head.asyncId, 32);
  message.writeBigUInt64LE(head.sessionId, AT.session);
}

export const setSigned = (message: Buffer): void => {
  message.writeUInt32LE((message.readUInt32LE(AT.flags) | FLAG.signed) >>> 0, AT.flags);
};

/** A frame with room for its length, the header and a zeroed body, which the caller fills. */
export function newRequest(bodyBytes: number): { frame: Buffer; body: Buffer } {
  const frame = Buffer.alloc(BODY_AT + bodyBytes);
  return { frame, body: frame.subarray(BODY_AT) };
}

export const writeFrameLength = (frame: Buffer, length: number): void => {
  frame.writeUInt32BE(length, 0);
};
