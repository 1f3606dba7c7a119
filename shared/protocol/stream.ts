// STREAM: the bytes of sessions that signed orders opened; sealed between signer and relay, and carried by the console unread.
import { z } from 'zod';
import { Bytes } from '#shared/base/bytes.ts';
import { ManifestId } from '#shared/base/id.ts';

/** The first protocol whose peers open streams; before it the message was reserved. */
export const STREAM_PROTOCOL = 10;

/** Of one message; larger ones would keep a beat of the link waiting on a slow line. */
export const MAX_STREAM_BYTES = 32 * 1024 + 64;
/** What may be on its way in one direction of one stream. On a line of 20 ms there and back that is 12 MB/s. */
export const STREAM_WINDOW = 256 * 1024;
/** A message of one byte counts as so many: a window is a bound of messages, too. */
export const MIN_STREAM_COST = 256;

export const streamCost = (bytes: number): number => Math.max(bytes, MIN_STREAM_COST);

/** Counts up from 1 in a run of the console. */
const StreamId = z.int().min(1);

/** Why a stream or its session ended. */
export const StreamEnd = z.enum([
  /** The session is over: the shell ended, somebody left for good, a bound was reached; its outcome says what. */
  'ended',
  /** The relay has no such session, or has it no more. */
  'unknown',
  /** Another client of the same session took its place. */
  'replaced',
  /** What came was not sealed by the other end, or not in turn. */
  'forged',
  /** More came than there was credit for. */
  'flooded',
  /** Nobody is there any more: the client hung up, the relay lost its link. The session waits for its key to come back. */
  'left',
  /** Who opened it may not any more. */
  'revoked',
  /** Relay or console has as many as it takes. */
  'full',
]);
export type StreamEnd = z.infer<typeof StreamEnd>;

/**
 * `open`: a client stands at the console and says it holds the key of this session; the relay begins with its hello, in clear.
 * Both ends may have STREAM_WINDOW on its way; `credit` gives back what was taken.
 */
export const Stream = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), stream: StreamId, session: ManifestId }),
  z.strictObject({ kind: z.literal('data'), stream: StreamId, data: Bytes }),
  z.strictObject({ kind: z.literal('credit'), stream: StreamId, bytes: z.int().min(1).max(STREAM_WINDOW) }),
  z.strictObject({ kind: z.literal('close'), stream: StreamId, reason: StreamEnd }),
]);
export type Stream = z.infer<typeof Stream>;
