// One connection with the console, from the dial to its end: greets, sends, listens for silence, and says why it ended.

import type { Spool } from '#relay/spool/spool.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import type { Fault, GoAway } from '#shared/protocol/control.ts';
import type { Frame, MessageType } from '#shared/protocol/frame.ts';
import type { Welcome } from '#shared/protocol/handshake.ts';
import { PROBE_PROTOCOL } from '#shared/protocol/probe.ts';
import { VAULT_PROTOCOL } from '#shared/protocol/vault.ts';
import { encodeFrame, type Refusal } from '#shared/protocol/wire-codec.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { dialInTime } from './dial-in-time.ts';
import { buildHello, checkWelcome, type HelloFacts, skewOf } from './handshake.ts';
import { healthFor } from './health-for.ts';
import { HistoryFlow } from './history-flow.ts';
import type { Dial, LinkHandlers, LinkSocket } from './link-socket.ts';
import type { LinkEnd } from './link-state.ts';
import { type LinkStreams, Receiver, type UplinkCallbacks } from './receiver.ts';
import { Sender } from './sender.ts';
import { TOLD_SINCE, type Told } from './told-messages.ts';

export interface LinkDeps {
  clock: Clock;
  spool: Spool;
  log: Logger;
  dial: Dial;
  facts: () => HelloFacts;
  callbacks: UplinkCallbacks;
  /** How the relay is, asked every ten seconds while the link is open. */
  health?: () => RelayHealth;
  vault?: () => RelayVault;
  streams?: LinkStreams | undefined;
  onConnected: () => void;
  onWelcome: (welcome: Welcome, skewMs: number) => void;
}

/** A console that is up answers a HELLO within one commit. */
const GREETING_MS = 10_000;
const PING_MS = 10_000;
const HEALTH_MS = 10_000; // people look at a relay's state in seconds; 400 bytes each time are nothing
/** Two missed answers and a slow link. */
const SILENCE_MS = 25_000;
const TICK_MS = 1_000;
/** A peer that speaks rubbish is refused each time, and left after this many. */
const MAX_BAD_FRAMES = 8;
const CLOSE_MS = 1_000; // an orderly close is waited for this long: the whole relay stops within 2 s
/** Bytes of sessions go while the socket holds no more: with one message on top, lanes never wait for them (sender.ts). */
const MAX_BUFFERED_STREAM = 16 * 1024;
/** Fresh samples become backlog when this many live batches wait (a minute of a full site), and live again below the other. */
const BEHIND_BATCHES = 32;
const CAUGHT_UP_BATCHES = 8;

export class Link {
  readonly #deps: LinkDeps;
  readonly #over = new AbortController();
  readonly #closed = new AbortController();
  readonly #receiver: Receiver;
  #socket: LinkSocket | undefined;
  readonly #history: HistoryFlow;
  #sender: Sender | undefined;
  #end: LinkEnd | undefined;
  #refusal: LinkEnd | undefined;
  #asked = { wall: 0, mono: 0 };
  #heardAt = 0;
  #pingedAt = 0;
  #healthAt = Number.NEGATIVE_INFINITY;
  /** Chosen by the console in its WELCOME. */
  #proto = 0;
  #rttMs: number | undefined;
  #frameId = 0;
  #badFrames = 0;
  #faults = 0;
  #isLive: boolean = false;
  #isPumpDue: boolean = false;
  #isWakeSet: boolean = false;
  /** Told after each handshake. */
  #isVaultDue: boolean = true;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
    this.#history = new HistoryFlow(deps.clock);
    this.#receiver = new Receiver({
      callbacks: deps.callbacks,
      log: deps.log,
      streams: deps.streams,
      events: {
        onWelcome: (welcome) => this.#welcome(welcome),
        onAck: (ack) => {
          this.#sender?.onAck(ack);
          this.poke();
        },
        onGoAway: (goAway) => this.#goAway(goAway),
        onFault: (fault) => this.#fault(fault),
        onRefused: (refusal) => this.#refuse(refusal),
        onGot: (ask) => this.#history.got(ask),
      },
    });
  }

  get stats() {
    return {
      isLive: this.#isLive,
      rttMs: this.#rttMs,
      badFrames: this.#badFrames,
      faults: this.#faults,
      traffic: this.#socket?.traffic ?? { sent: 0, received: 0 },
      ...this.#sender?.stats,
    };
  }

  get isOpen(): boolean {
    return this.#sender !== undefined && this.#end === undefined;
  }

  /** Resolves when the connection is over, whatever the reason; never rejects. */
  async run(): Promise<LinkEnd> {
    try {
      this.#socket = await dialInTime(this.#deps, this.#handlers(), this.#over.signal);
    } catch (error) {
      const { code, message } = describeError(error);
      return this.#end ?? { why: 'unreachable', code, detail: message };
    }
    try {
      // Else it was stopped while the dial was finishing.
      if (this.#end === undefined) await this.#live();
    } catch (error) {
      this.finish({ why: 'closed', detail: describeError(error).message });
    }
    await this.#close(this.#socket);
    return this.#end ?? { why: 'closed', detail: 'no reason given' };
  }

  async #live(): Promise<void> {
    const { clock, spool, facts } = this.#deps;
    this.#deps.onConnected();
    this.#heardAt = clock.monotonic();
    this.#asked = { wall: clock.now(), mono: clock.monotonic() };
    this.#send({ type: 'HELLO', body: buildHello(facts(), spool, clock) });
    await this.#watch();
  }

  /** Something may be sendable: coalesces calls of one turn. */
  poke(): void {
    if (this.#isPumpDue || !this.isOpen) return;
    this.#isPumpDue = true;
    queueMicrotask(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  /** False while the link is not open. */
  requestRenewal(spki: Uint8Array, proof: Uint8Array): boolean {
    if (!this.isOpen) return false;
    this.#send({ type: 'RENEW', body: { kind: 'request', spki, proof } });
    return true;
  }

  /** False while the link is not open, or to a console that does not know the message. */
  tell(said: Told): boolean {
    if (!this.isOpen || this.#proto < TOLD_SINCE[said.type]) return false;
    const bytes = this.#send(said, said.type === 'STREAM' ? this.#deps.streams?.onRoom : undefined);
    if (said.type === 'CHUNKS') this.#history.sent(said.body.ask, bytes);
    return true;
  }

  /** Bytes of history that may go now: none while outcomes, states or live samples wait. */
  get historyRoom(): number {
    return this.isOpen && this.#sender?.isAhead === true ? this.#history.room : 0;
  }

  get hasStreamRoom(): boolean {
    return this.isOpen && (this.#socket?.bufferedAmount ?? 0) <= MAX_BUFFERED_STREAM;
  }

  /** With the next second's tick, so that five hundred changes are told once. */
  tellVault(): void {
    this.#isVaultDue = true;
  }

  /** The first reason stands. */
  finish(end: LinkEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#deps.spool.setLive(false);
    this.#over.abort();
    this.#deps.streams?.onDown();
  }

  #handlers(): LinkHandlers {
    return {
      onMessage: (bytes) => this.#hear(bytes),
      onPong: () => this.#pong(),
      onClose: (detail) => {
        this.#closed.abort();
        this.finish(this.#refusal ?? { why: 'closed', detail });
      },
    };
  }

  /** Returns when the link is over; every second looks at what time alone can tell. */
  async #watch(): Promise<void> {
    while (this.#end === undefined) {
      try {
        await this.#deps.clock.sleep(TICK_MS, this.#over.signal);
      } catch {
        return; // over
      }
      const end = this.#dead();
      if (end !== undefined) this.finish(end);
      else this.#keepUp();
    }
  }

  /** Why the connection has to be given up by now, if it has. */
  #dead(): LinkEnd | undefined {
    const now = this.#deps.clock.monotonic();
    const sender = this.#sender;
    if (sender === undefined && now - this.#asked.mono > GREETING_MS) {
      return this.#refusal ?? { why: 'silent', detail: `no WELCOME within ${GREETING_MS} ms` };
    }
    const silentMs = now - this.#heardAt;
    // An answer to a ping waits behind the bytes in flight.
    if (silentMs > SILENCE_MS + (sender?.allowanceMs() ?? 0) + this.#history.allowanceMs()) {
      return { why: 'silent', detail: `nothing heard for ${Math.round(silentMs)} ms` };
    }
    if (sender?.isStalled() !== true) return undefined;
    return { why: 'stalled', detail: 'batches were sent and none was acknowledged' };
  }

  #keepUp(): void {
    const now = this.#deps.clock.monotonic();
    if (now - this.#pingedAt >= PING_MS) this.#ping(now);
    this.#tellHealth(now);
    this.#sendVault();
    this.#judgeLive();
    this.poke();
  }

  #ping(now: number): void {
    this.#pingedAt = now;
    this.#socket?.ping();
  }

  /** Of the present only, so it is not spooled: what is missed is missed. */
  #tellHealth(now: number): void {
    const { health, log } = this.#deps;
    if (health === undefined || !this.isOpen || this.#proto < PROBE_PROTOCOL) return;
    if (now - this.#healthAt < HEALTH_MS) return;
    this.#healthAt = now;
    try {
      this.#send({ type: 'HEALTH', body: healthFor(this.#proto, health()) });
    } catch (error) {
      log.warn(describeError(error), 'the state of the relay could not be told');
    }
  }

  #sendVault(): void {
    const { vault } = this.#deps;
    if (!this.#isVaultDue || vault === undefined || !this.isOpen || this.#proto < VAULT_PROTOCOL) return;
    this.#isVaultDue = false;
    this.#send({ type: 'VAULT', body: vault() });
  }

  /** Live while the console keeps up with what is fresh; else samples become backlog, which lets outcomes pass. */
  #judgeLive(): void {
    const { spool } = this.#deps;
    if (this.#sender === undefined || this.#end !== undefined) return;
    const next = spool.lanes().find((lane) => lane.lane === 2)?.next ?? 1;
    const waiting = next - 1 - this.#sender.receivedOf(2);
    this.#isLive = this.#isLive ? waiting <= BEHIND_BATCHES : waiting <= CAUGHT_UP_BATCHES;
    spool.setLive(this.#isLive);
  }

  #hear(bytes: Uint8Array): void {
    if (this.#end !== undefined) return;
    this.#heardAt = this.#deps.clock.monotonic();
    try {
      this.#receiver.take(bytes, this.#sender === undefined ? 'greeting' : 'open');
    } catch (error) {
      const { code, message } = describeError(error);
      this.#refuse({ ok: false, code, message });
    }
  }

  #pong(): void {
    this.#heardAt = this.#deps.clock.monotonic();
    this.#rttMs = this.#heardAt - this.#pingedAt;
  }

  #welcome(welcome: Welcome): void {
    const { spool, log } = this.#deps;
    const verdict = checkWelcome(welcome, spool.lanes());
    if (verdict.ok) {
      this.#open(welcome);
    } else if (verdict.why === 'refused') {
      this.finish({ why: 'refused', code: verdict.code, detail: verdict.detail });
    } else {
      log.error({ detail: verdict.detail }, 'the console is ahead of this spool; a new epoch begins');
      spool.renewEpoch();
      this.finish({ why: 'new-epoch' });
    }
  }

  #open(welcome: Welcome): void {
    const { spool, clock } = this.#deps;
    this.#deps.onWelcome(welcome, skewOf(welcome, this.#asked, clock.monotonic()));
    spool.rewind(welcome.lanes);
    this.#proto = welcome.proto;
    this.#sender = new Sender({
      spool,
      clock,
      welcome,
      send: (frame) => this.#send(frame),
      bufferedBytes: () => this.#socket?.bufferedAmount ?? 0,
    });
    this.#ping(clock.monotonic());
    this.#tellHealth(clock.monotonic());
    this.#sendVault();
    this.#judgeLive();
    this.poke();
  }

  #goAway({ reason, delayMs }: GoAway): void {
    this.finish({ why: 'goaway', reason, delayMs });
  }

  #fault({ code, message, refusedType }: Fault): void {
    this.#faults += 1;
    this.#deps.log.warn({ code, message, refusedType }, 'the console refused something');
    // Before a WELCOME it says why the connection is about to end; a GOAWAY with a delay may come between.
    if (this.#sender === undefined) this.#refusal = { why: 'refused', code, detail: message };
  }

  #refuse({ code, message, type }: Refusal): void {
    this.#badFrames += 1;
    this.#deps.log.warn({ code, message }, 'a frame of the console was refused');
    const refusedType = type?.slice(0, 16);
    this.#send({
      type: 'FAULT',
      body: { code, message: message.slice(0, 1_000), ...(refusedType !== undefined && { refusedType }) },
    });
    if (this.#badFrames < MAX_BAD_FRAMES) return;
    this.finish({ why: 'faulty', detail: `${MAX_BAD_FRAMES} frames could not be taken, the last: ${message}` });
  }

  #pump(): void {
    if (this.#sender === undefined || this.#end !== undefined) return;
    try {
      const againMs = this.#sender.pump();
      if (againMs !== undefined) this.#wake(againMs);
    } catch (error) {
      // The spool could not be read just now; the next second tries again.
      this.#deps.log.error(describeError(error), 'the spool could not be sent from');
    }
  }

  #wake(ms: number): void {
    if (this.#isWakeSet) return;
    this.#isWakeSet = true;
    this.#deps.clock.sleep(ms, this.#over.signal).then(
      () => {
        this.#isWakeSet = false;
        this.#pump();
      },
      () => undefined, // over
    );
  }

  #send(
    frame: { [T in MessageType]: Omit<Extract<Frame, { type: T }>, 'id'> }[MessageType],
    onGone?: () => void,
  ): number {
    this.#frameId += 1;
    // Type and body are of one member of the union; only the id is added.
    const bytes = encodeFrame({ id: this.#frameId, ...frame } as Frame);
    this.#socket?.send(bytes, onGone);
    return bytes.length;
  }

  async #close(socket: LinkSocket): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const why = this.#end?.why;
    if (why === 'stopped') this.#send({ type: 'GOAWAY', body: { reason: 'restart', delayMs: 0 } });
    if (why === 'silent' || why === 'stalled') socket.terminate();
    else socket.close();
    await this.#deps.clock.sleep(CLOSE_MS, this.#closed.signal).catch(() => undefined); // closed in time
    if (!this.#closed.signal.aborted) socket.terminate();
  }
}
