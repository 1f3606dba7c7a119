// Frames to bytes and back. What comes from a peer is checked for size, sender, state, form and schema, in this order.
import { AppError, type ErrorCode } from '#shared/base/errors.ts';
import { firstIssue } from './first-issue.ts';
import {
  type Frame,
  type LinkState,
  MAX_FRAME_BYTES,
  MAX_FRAME_DEPTH,
  MESSAGES,
  type MessageRule,
  type MessageType,
  type Side,
} from './frame.ts';
import { readFrameHead } from './frame-head.ts';
import { packMsgpack, unpackMsgpack } from './msgpack.ts';

/** A ROSTER of 2,000 devices has 30,000; a frame of one-byte values would have a million. */
const MAX_FRAME_NODES = 100_000;

export interface Expectation {
  /** Who sent the bytes. */
  from: Side;
  /** The receiver's view of the link. */
  state: LinkState;
}

export type Refusal = { ok: false; code: ErrorCode; message: string; type?: string };
export type Decoded = { ok: true; frame: Frame } | Refusal;

/** Throws AppError('too-large') for a frame that the peer would refuse. */
export function encodeFrame(frame: Frame): Uint8Array {
  // Members in this order: the head is read before the rest is looked at.
  const bytes = packMsgpack({ id: frame.id, type: frame.type, body: frame.body });
  const { maxBytes } = MESSAGES[frame.type];
  if (bytes.length > maxBytes)
    throw new AppError('too-large', `${frame.type}: ${bytes.length} bytes, more than ${maxBytes}`);
  return bytes;
}

const isMessageType = (type: string): type is MessageType => Object.hasOwn(MESSAGES, type);

/** Never throws, whatever the bytes. Binary members are views of `bytes`. */
export function decodeFrame(bytes: Uint8Array, expect: Expectation): Decoded {
  if (bytes.length > MAX_FRAME_BYTES)
    return refuse('frame-oversized', `a frame of ${bytes.length} bytes, more than ${MAX_FRAME_BYTES}`);
  const type = readFrameHead(bytes);
  if (type === undefined) return refuse('frame-malformed', 'a frame that does not begin with id, type and body');
  if (!isMessageType(type)) return refuse('frame-unexpected', `${type}: no such message`, type);
  const rule: MessageRule = MESSAGES[type];
  return refusalByRule(type, rule, bytes.length, expect) ?? decodeBody(bytes, type, rule);
}

function refuse(code: ErrorCode, message: string, type?: string): Refusal {
  return type === undefined ? { ok: false, code, message } : { ok: false, code, message, type };
}

function refusalByRule(type: MessageType, rule: MessageRule, size: number, expect: Expectation): Refusal | undefined {
  if (!rule.from.includes(expect.from))
    return refuse('frame-unexpected', `${type}: not a message of a ${expect.from}`, type);
  if (!rule.states.includes(expect.state))
    return refuse('frame-unexpected', `${type}: not while the link is ${expect.state}`, type);
  if (size > rule.maxBytes)
    return refuse('frame-oversized', `${type}: ${size} bytes, more than ${rule.maxBytes}`, type);
  return undefined;
}

function decodeBody(bytes: Uint8Array, type: MessageType, { schema }: MessageRule): Decoded {
  const unpacked = unpackMsgpack(bytes, { maxDepth: MAX_FRAME_DEPTH, maxNodes: MAX_FRAME_NODES });
  if (!unpacked.ok) return refuse('frame-malformed', `${type}: ${unpacked.message}`, type);
  // The head has shown a map of exactly these three members.
  const { id, body } = unpacked.value as { id: unknown; body: unknown };
  if (!Number.isSafeInteger(id) || Number(id) < 1)
    return refuse('frame-malformed', `${type}: id: not a positive integer`, type);
  const parsed = schema.safeParse(body);
  if (!parsed.success) return refuse('frame-malformed', `${type}: ${firstIssue(parsed.error)}`, type);
  // The schema of a type is the source of its body's type, so the three together are a Frame.
  return { ok: true, frame: { id, type, body: parsed.data } as Frame };
}
