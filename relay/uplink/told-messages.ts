// What a relay tells when it is asked, beside its lanes: not numbered, not kept, and only to a console that knows the message.
import type { FrameOf } from '#shared/protocol/frame.ts';
import { HISTORY_PROTOCOL } from '#shared/protocol/history.ts';
import { PROBE_PROTOCOL } from '#shared/protocol/probe.ts';
import { STREAM_PROTOCOL } from '#shared/protocol/stream.ts';
import { WITNESS_PROTOCOL } from '#shared/protocol/witness.ts';

/** The first protocol of each. */
export const TOLD_SINCE = {
  PROBED: PROBE_PROTOCOL,
  WITNESS: WITNESS_PROTOCOL,
  CHUNKS: HISTORY_PROTOCOL,
  STREAM: STREAM_PROTOCOL,
} as const;

export type Told = { [T in keyof typeof TOLD_SINCE]: Pick<FrameOf<T>, 'type' | 'body'> }[keyof typeof TOLD_SINCE];
