// The one frame shape {id, type, body} and the table that says who may send what, when, and how large.
import type { z } from 'zod';
import { Roster } from '#shared/model/device.ts';
import { RelayHealth } from '#shared/model/relay-health.ts';
import { RelayVault } from '#shared/model/relay-vault.ts';
import { Ack, Batch, Gap, MAX_BATCH_BYTES } from './batch.ts';
import { Fault, GoAway, Renew } from './control.ts';
import { CharterMessage, Command, FreezeMessage, Live } from './downstream.ts';
import { Hello, Welcome } from './handshake.ts';
import { ChunksMessage, HistoryMessage } from './history.ts';
import { Probe, Probed } from './probe.ts';
import { StandingMessage } from './standing.ts';
import { Stream } from './stream.ts';
import { CredentialMessage } from './vault.ts';
import { WatchMessage } from './watch.ts';
import { CheckpointMessage, WitnessMessage } from './witness.ts';

export type Side = 'relay' | 'console';
/** `greeting`: connected, HELLO or WELCOME outstanding. `open`: welcomed. */
export type LinkState = 'greeting' | 'open';

export interface MessageRule {
  schema: z.ZodType;
  from: readonly Side[];
  states: readonly LinkState[];
  /** Encoded frame size, checked before decoding. */
  maxBytes: number;
}

const rule = (
  schema: z.ZodType,
  from: readonly Side[],
  states: readonly LinkState[],
  maxBytes: number,
): MessageRule => ({
  schema,
  from,
  states,
  maxBytes,
});

const SMALL = 4 * 1024;

/** Negatives of the test suite are generated from this table. */
export const MESSAGES = {
  HELLO: rule(Hello, ['relay'], ['greeting'], SMALL),
  WELCOME: rule(Welcome, ['console'], ['greeting'], SMALL),
  BATCH: rule(Batch, ['relay'], ['open'], MAX_BATCH_BYTES + SMALL),
  ACK: rule(Ack, ['console'], ['open'], SMALL),
  GAP: rule(Gap, ['relay'], ['open'], SMALL),
  ROSTER: rule(Roster, ['console'], ['open'], 1024 * 1024), // 2,000 devices of 500 bytes
  CHARTER: rule(CharterMessage, ['console'], ['open'], 300 * 1024),
  COMMAND: rule(Command, ['console'], ['open'], 1024 * 1024), // 2,000 targets with their identities
  LIVE: rule(Live, ['console'], ['open'], SMALL),
  RENEW: rule(Renew, ['relay', 'console'], ['open'], 20 * 1024),
  FAULT: rule(Fault, ['relay', 'console'], ['greeting', 'open'], SMALL),
  GOAWAY: rule(GoAway, ['relay', 'console'], ['greeting', 'open'], SMALL),
  STREAM: rule(Stream, ['relay', 'console'], ['open'], 34 * 1024), // a sealed message of 32 KiB
  PROBE: rule(Probe, ['console'], ['open'], 1024), // a name of 253 letters
  PROBED: rule(Probed, ['relay'], ['open'], 8 * 1024), // ten ports with a greeting each
  FREEZE: rule(FreezeMessage, ['console'], ['open'], 24 * 1024), // four passkeys and a reason
  HEALTH: rule(RelayHealth, ['relay'], ['open'], 1024),
  CREDENTIAL: rule(CredentialMessage, ['console'], ['open'], 1024 * 1024), // two boxes of 480 KiB, or 17 of 36
  STANDING: rule(StandingMessage, ['console'], ['open'], 600 * 1024), // 1,000 devices with their identities
  VAULT: rule(RelayVault, ['relay'], ['open'], 160 * 1024), // 500 logins of 130 bytes, as many variables of 110
  CHECKPOINT: rule(CheckpointMessage, ['console'], ['open'], 6 * 1024), // 512 marks of 8 bytes
  WITNESS: rule(WitnessMessage, ['relay'], ['open'], 64 * 1024), // 400 checkpoints of 100 bytes
  HISTORY: rule(HistoryMessage, ['console'], ['open'], 1024),
  WATCH: rule(WatchMessage, ['console'], ['open'], 1024 * 1024), // a document of 512 K characters, or members of 400 K
  CHUNKS: rule(ChunksMessage, ['relay'], ['open'], 1024 * 1024), // 256 KiB of chunks, their heads and the names of their series
} as const satisfies Record<string, MessageRule>;

export type MessageType = keyof typeof MESSAGES;

interface Bodies {
  HELLO: Hello;
  WELCOME: Welcome;
  BATCH: Batch;
  ACK: Ack;
  GAP: Gap;
  ROSTER: Roster;
  CHARTER: CharterMessage;
  COMMAND: Command;
  LIVE: Live;
  RENEW: Renew;
  FAULT: Fault;
  GOAWAY: GoAway;
  STREAM: Stream;
  PROBE: Probe;
  PROBED: Probed;
  FREEZE: FreezeMessage;
  HEALTH: RelayHealth;
  CREDENTIAL: CredentialMessage;
  STANDING: StandingMessage;
  VAULT: RelayVault;
  CHECKPOINT: CheckpointMessage;
  WITNESS: WitnessMessage;
  HISTORY: HistoryMessage;
  WATCH: WatchMessage;
  CHUNKS: ChunksMessage;
}

/** `id` counts up from 1 per side and connection; logs and FAULTs can name a frame by it. */
export type Frame = { [T in MessageType]: { id: number; type: T; body: Bodies[T] } }[MessageType];
export type FrameOf<T extends MessageType> = Extract<Frame, { type: T }>;

/** No frame is larger, whatever its type: the WebSocket's own limit. */
export const MAX_FRAME_BYTES = 1024 * 1024;
/** Nesting of maps and arrays; a ROSTER needs 4. */
export const MAX_FRAME_DEPTH = 16;
