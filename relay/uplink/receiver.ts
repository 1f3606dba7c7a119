// Takes the console's frames: checked against the table, handed to whoever they are for, never fatal.
import { describeError } from '#shared/base/errors.ts';
import type { SignedCharter } from '#shared/model/charter.ts';
import type { Roster } from '#shared/model/device.ts';
import type { SignedBrake } from '#shared/model/freeze.ts';
import type { SignedStanding } from '#shared/model/standing-order.ts';
import type { Ack } from '#shared/protocol/batch.ts';
import type { Fault, GoAway, Renew } from '#shared/protocol/control.ts';
import type { Command, Live } from '#shared/protocol/downstream.ts';
import type { Frame, FrameOf, LinkState } from '#shared/protocol/frame.ts';
import type { Welcome } from '#shared/protocol/handshake.ts';
import type { HistoryMessage } from '#shared/protocol/history.ts';
import type { Probe } from '#shared/protocol/probe.ts';
import type { Stream } from '#shared/protocol/stream.ts';
import type { CredentialMessage } from '#shared/protocol/vault.ts';
import type { WatchMessage } from '#shared/protocol/watch.ts';
import { decodeFrame, type Refusal } from '#shared/protocol/wire-codec.ts';
import type { CheckpointMessage } from '#shared/protocol/witness.ts';
import type { Logger } from '#shared/runtime/logger.ts';

/** For the rooms of the relay. One that throws or rejects is logged; the link lives on. */
export interface UplinkCallbacks {
  onRoster: (roster: Roster) => void | Promise<void>;
  onCharter: (signed: SignedCharter) => void | Promise<void>;
  onCommand: (command: Command) => void | Promise<void>;
  onLive: (live: Live) => void | Promise<void>;
  onProbe: (probe: Probe) => void | Promise<void>;
  onFreeze: (signed: SignedBrake) => void | Promise<void>;
  onStanding: (signed: SignedStanding) => void | Promise<void>;
  onWatch: (message: WatchMessage) => void | Promise<void>;
  onCredential: (message: CredentialMessage) => void | Promise<void>;
  onCheckpoint: (message: CheckpointMessage) => void | Promise<void>;
  /** A question; `got` is the link's own. */
  onHistory: (ask: HistoryMessage) => void | Promise<void>;
  /** PEM. */
  onRenewAnswer: (certificate: string) => void | Promise<void>;
}

/** For the link itself. */
export interface LinkEvents {
  onWelcome: (welcome: Welcome) => void;
  onAck: (ack: Ack) => void;
  onGoAway: (goAway: GoAway) => void;
  onFault: (fault: Fault) => void;
  /** An answer of history has arrived. */
  onGot: (ask: number) => void;
  /** What came was no frame, or not one of now. */
  onRefused: (refusal: Refusal) => void;
}

/** Who takes and sends the bytes of sessions. */
export interface LinkStreams {
  take: (body: Stream) => void;
  /** The network has taken what was sent of a stream: more may go. */
  onRoom: () => void;
  /** The link is over, and with it every stream. */
  onDown: () => void;
}

export interface ReceiverDeps {
  callbacks: UplinkCallbacks;
  events: LinkEvents;
  /** Absent: no stream is ever open here. */
  streams?: LinkStreams | undefined;
  log: Logger;
}

export class Receiver {
  readonly #deps: ReceiverDeps;

  constructor(deps: ReceiverDeps) {
    this.#deps = deps;
  }

  take(bytes: Uint8Array, state: LinkState): void {
    const decoded = decodeFrame(bytes, { from: 'console', state });
    if (decoded.ok) this.#dispatch(decoded.frame);
    else this.#deps.events.onRefused(decoded);
  }

  #dispatch(frame: Frame): void {
    const { events, callbacks } = this.#deps;
    switch (frame.type) {
      case 'WELCOME':
        events.onWelcome(frame.body);
        break;
      case 'ACK':
        events.onAck(frame.body);
        break;
      case 'GOAWAY':
        events.onGoAway(frame.body);
        break;
      case 'FAULT':
        events.onFault(frame.body);
        break;
      case 'ROSTER':
        this.#hand('ROSTER', () => callbacks.onRoster(frame.body));
        break;
      case 'CHARTER':
        this.#hand('CHARTER', () => callbacks.onCharter(frame.body.signed));
        break;
      case 'COMMAND':
        this.#hand('COMMAND', () => callbacks.onCommand(frame.body));
        break;
      case 'LIVE':
        this.#hand('LIVE', () => callbacks.onLive(frame.body));
        break;
      case 'PROBE':
        this.#hand('PROBE', () => callbacks.onProbe(frame.body));
        break;
      case 'FREEZE':
      case 'STANDING':
      case 'WATCH':
      case 'CREDENTIAL':
      case 'CHECKPOINT':
        this.#signed(frame);
        break;
      case 'HISTORY':
        this.#history(frame.body);
        break;
      case 'RENEW':
        this.#renew(frame.body);
        break;
      case 'STREAM':
        this.#stream(frame.body);
        break;
      case 'HELLO':
      case 'BATCH':
      case 'GAP':
      case 'PROBED':
      case 'HEALTH':
      case 'VAULT':
      case 'WITNESS':
      case 'CHUNKS':
        this.#unexpected(frame.type, 'not a message of a console'); // the table has refused them already
        break;
    }
  }

  /** What somebody's key vouches for; the rooms that take it say whether it does. */
  #signed(frame: FrameOf<'FREEZE' | 'STANDING' | 'WATCH' | 'CREDENTIAL' | 'CHECKPOINT'>): void {
    const { callbacks } = this.#deps;
    switch (frame.type) {
      case 'FREEZE':
        this.#hand('FREEZE', () => callbacks.onFreeze(frame.body.signed));
        break;
      case 'STANDING':
        this.#hand('STANDING', () => callbacks.onStanding(frame.body.signed));
        break;
      case 'WATCH':
        this.#hand('WATCH', () => callbacks.onWatch(frame.body));
        break;
      case 'CREDENTIAL':
        this.#hand('CREDENTIAL', () => callbacks.onCredential(frame.body));
        break;
      case 'CHECKPOINT':
        this.#hand('CHECKPOINT', () => callbacks.onCheckpoint(frame.body));
        break;
    }
  }

  #history(body: HistoryMessage): void {
    if (body.kind === 'got') this.#deps.events.onGot(body.ask);
    else this.#hand('HISTORY', () => this.#deps.callbacks.onHistory(body));
  }

  #stream(body: Stream): void {
    const { streams } = this.#deps;
    if (streams === undefined) this.#unexpected('STREAM', 'no stream is open');
    else this.#hand('STREAM', () => streams.take(body));
  }

  #renew(body: Renew): void {
    if (body.kind === 'request') this.#unexpected('RENEW', 'a console asks for no certificate');
    else this.#hand('RENEW', () => this.#deps.callbacks.onRenewAnswer(body.certificate));
  }

  #unexpected(type: string, message: string): void {
    this.#deps.events.onRefused({ ok: false, code: 'frame-unexpected', message: `${type}: ${message}`, type });
  }

  /** In order, on the spot; what a callback does later is its own. */
  #hand(type: string, call: () => void | Promise<void>): void {
    const onError = (error: unknown) =>
      this.#deps.log.error({ type, ...describeError(error) }, 'a message of the console could not be handled');
    try {
      void Promise.resolve(call()).catch(onError);
    } catch (error) {
      onError(error);
    }
  }
}
