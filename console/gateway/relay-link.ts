// One relay's connection: greeting, then an open link, until either side ends it. Every byte from the peer is hostile.
import type { LinkIdentity } from '#console/ingest/record-hooks.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError, type ErrorCode } from '#shared/base/errors.ts';
import type { GoAway } from '#shared/protocol/control.ts';
import type { Frame, FrameOf, LinkState, MessageType } from '#shared/protocol/frame.ts';
import type { Hello } from '#shared/protocol/handshake.ts';
import type { Lane, Watermark } from '#shared/protocol/lane.ts';
import { decodeFrame, encodeFrame, type Refusal } from '#shared/protocol/wire-codec.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { AckBuffer } from './ack-buffer.ts';
import { FrameBudget } from './frame-budget.ts';
import { MAX_SKEW_MS, negotiate, peekProtocols, skewOf } from './hello-check.ts';
import type { LinkDesk, Peer } from './link-desk.ts';
import { CLOSE_LEAVING, CLOSE_REFUSED, type LinkSocket, type LinkSocketEvents } from './link-socket.ts';
import type { Pace } from './pace.ts';

/** A TLS connection that says nothing holds memory: 10 s is ample for a relay that has its HELLO ready. */
const GREETING_MS = 10_000;
const PING_MS = 10_000;
/** Two missed pings and one slow network. */
const SILENCE_MS = 25_000;
/** A relay that stops reading: more than a roster, a charter and a command together. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
/** A certificate lives for days; a relay that asks every few seconds is broken. */
const RENEW_EVERY_MS = 30_000;

export interface LinkStats {
  state: LinkState | 'closed';
  openedAt: number;
  version: string | undefined;
  proto: number | undefined;
  /** Round trip of the newest ping. */
  rttMs: number | undefined;
  bytesIn: number;
  bytesOut: number;
  badFrames: number;
  lastHeardAt: number;
  /** Per lane: what the relay's HELLO said it has, and how far the console has come since. */
  lanes: ReadonlyArray<Watermark & { next: number }>;
}

export interface RelayLinkDeps {
  socket: LinkSocket;
  clock: Clock;
  peer: Peer;
  desk: LinkDesk;
  log: Logger;
  /** Welcomed. */
  onOpen: (link: RelayLink) => void;
  /** Over, opened or not; told once. */
  onEnd: (link: RelayLink) => void;
}

export class RelayLink implements LinkSocketEvents {
  readonly peer: Peer;
  readonly #deps: RelayLinkDeps;
  readonly #budget: FrameBudget;
  readonly #over = new AbortController();
  readonly #acks: AckBuffer;
  readonly #openedAt: number;
  #state: LinkState = 'greeting';
  #hello: Hello | undefined;
  #identity: LinkIdentity | undefined;
  #proto: number | undefined;
  #frames = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #heardAt: number;
  #pingedAt: number | undefined;
  #rttMs: number | undefined;
  #renewedAt = -Infinity;
  readonly #marks = new Map<Lane, Watermark>();

  constructor(deps: RelayLinkDeps) {
    this.#deps = deps;
    this.peer = deps.peer;
    this.#openedAt = deps.clock.now();
    this.#heardAt = deps.clock.monotonic();
    this.#budget = new FrameBudget(deps.clock);
    const send = (body: FrameOf<'ACK'>['body']) => this.send('ACK', body);
    this.#acks = new AckBuffer({ clock: deps.clock, signal: this.#over.signal, send });
  }

  /** Waits for HELLO and pings; resolves when the link is over. */
  async run(): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#over;
    const greeting = clock.sleep(GREETING_MS, signal).then(
      () => this.#state === 'greeting' && this.refuse('timed-out', `no HELLO within ${GREETING_MS / 1_000} s`),
      () => undefined, // over before the deadline
    );
    while (!signal.aborted) {
      await clock.sleep(PING_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (!signal.aborted) this.#ping();
    }
    await greeting;
  }

  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  get hello(): Hello | undefined {
    return this.#hello;
  }

  /** How long ago the peer was heard. */
  get silenceMs(): number {
    return this.#deps.clock.monotonic() - this.#heardAt;
  }

  get stats(): LinkStats {
    return {
      state: this.isOver ? 'closed' : this.#state,
      openedAt: this.#openedAt,
      version: this.#hello?.version,
      proto: this.#proto,
      rttMs: this.#rttMs,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      badFrames: this.#budget.bad,
      lastHeardAt: this.#deps.clock.now() - Math.round(this.silenceMs),
      lanes: (this.#hello?.lanes ?? []).map(({ lane, next }) => {
        const mark = this.#marks.get(lane) ?? { lane, received: 0, durable: 0 };
        return { ...mark, next: Math.max(next, mark.received + 1) };
      }),
    };
  }

  /** False when the link is over, or ends because the peer does not read. */
  send<T extends MessageType>(type: T, body: FrameOf<T>['body']): boolean {
    if (this.isOver) return false;
    this.#frames += 1;
    // The pair is a Frame by the type parameter; the compiler does not see through the union.
    const bytes = encodeFrame({ id: this.#frames, type, body } as Frame);
    if (this.#deps.socket.bufferedBytes + bytes.length > MAX_BUFFERED_BYTES) {
      this.#end(CLOSE_REFUSED, 'timed-out');
      return false;
    }
    this.#bytesOut += bytes.length;
    this.#deps.socket.send(bytes);
    return true;
  }

  setPace(pace: Pace): void {
    if (this.#state === 'open') this.#acks.sendPace(pace);
  }

  /** Asks the relay to leave, and ends the link. */
  goAway(goAway: GoAway): void {
    this.#acks.flush();
    this.send('GOAWAY', goAway);
    this.#end(CLOSE_LEAVING, goAway.reason);
  }

  /** Says why, and ends the link. */
  refuse(code: ErrorCode, message: string, goAway?: GoAway): void {
    if (this.isOver) return;
    this.#fault(code, message);
    if (goAway !== undefined) this.send('GOAWAY', goAway);
    this.#deps.log.warn({ relay: this.peer.relay, address: this.peer.address, code }, `relay link refused: ${message}`);
    this.#end(CLOSE_REFUSED, code);
  }

  onMessage(bytes: Uint8Array | undefined): void {
    if (this.isOver) return;
    this.#heard();
    this.#brake();
    this.#bytesIn += bytes?.length ?? 0;
    const decoded =
      bytes === undefined
        ? ({ ok: false, code: 'frame-malformed', message: 'a text message' } satisfies Refusal)
        : decodeFrame(bytes, { from: 'relay', state: this.#state });
    if (decoded.ok) {
      this.#budget.good();
      this.#handle(decoded.frame);
    } else this.#bad(decoded, bytes);
  }

  onPong(): void {
    this.#heard();
    if (this.#pingedAt !== undefined) this.#rttMs = this.#deps.clock.monotonic() - this.#pingedAt;
    this.#pingedAt = undefined;
  }

  onClose(): void {
    this.#finish();
  }

  #heard(): void {
    this.#heardAt = this.#deps.clock.monotonic();
  }

  #ping(): void {
    if (this.silenceMs > SILENCE_MS) return this.#end(CLOSE_LEAVING, 'silent');
    this.#pingedAt = this.#deps.clock.monotonic();
    this.#deps.socket.ping();
  }

  /** A flood of frames waits in the network, where it slows nobody else. */
  #brake(): void {
    const waitMs = this.#budget.take();
    if (waitMs === 0) return;
    const { socket, clock } = this.#deps;
    socket.pause();
    clock.sleep(waitMs, this.#over.signal).then(
      () => socket.resume(),
      () => undefined, // the link ended
    );
  }

  #bad(refusal: Refusal, bytes: Uint8Array | undefined): void {
    const range = this.#state === 'greeting' && bytes !== undefined ? peekProtocols(bytes) : undefined;
    const negotiated = range === undefined ? undefined : negotiate(range);
    if (negotiated !== undefined && !negotiated.ok) return this.#wrongProtocol(negotiated.code, negotiated.message);
    const isTooMany = this.#budget.spoil();
    this.#fault(refusal.code, refusal.message, refusal.type);
    if (!isTooMany) return;
    const detail = `${this.#budget.bad} bad frames, the last: ${refusal.message}`;
    this.#deps.desk.onIncident(this.peer, { code: refusal.code, severity: 'warning', detail });
    this.#end(CLOSE_REFUSED, refusal.code);
  }

  #wrongProtocol(code: ErrorCode, message: string): void {
    this.#deps.desk.onIncident(this.peer, { code, severity: 'critical', detail: message });
    // Ten minutes: an update is not there any sooner.
    this.refuse(code, message, { reason: 'protocol', delayMs: 600_000 });
  }

  #fault(code: ErrorCode, message: string, refusedType?: string): void {
    this.send('FAULT', {
      code,
      message: message.slice(0, 1_000),
      ...(refusedType === undefined ? {} : { refusedType: refusedType.slice(0, 16) }),
    });
  }

  #handle(frame: Frame): void {
    switch (frame.type) {
      case 'HELLO':
        return this.#take(this.#greet(frame.body));
      case 'BATCH':
        return this.#take(this.#store(frame.body.lane, (link) => this.#deps.desk.batch(link, frame.body)));
      case 'GAP':
        return this.#take(this.#store(frame.body.lane, (link) => this.#deps.desk.gap(link, frame.body)));
      case 'RENEW':
        return this.#take(this.#renew(frame.body));
      case 'FAULT':
        this.#deps.log.warn({ relay: this.peer.relay, ...frame.body }, 'the relay refused a frame');
        return;
      case 'GOAWAY':
        return this.#end(CLOSE_LEAVING, frame.body.reason);
      case 'STREAM':
        return this.#fault('frame-unexpected', 'this console opens no streams', 'STREAM');
      case 'WELCOME':
      case 'ACK':
      case 'ROSTER':
      case 'CHARTER':
      case 'COMMAND':
      case 'LIVE':
        // decodeFrame has refused these: a relay never sends them.
        return;
    }
  }

  /** What goes wrong while a frame is worked on ends the link: the relay comes again and is told where it stands. */
  #take(work: Promise<void>): void {
    work.catch((error: unknown) => {
      const { code, message } = describeError(error);
      // The message of an unknown error may hold anything; it stays in our own log.
      if (error instanceof AppError) this.refuse(code, message);
      else {
        this.#deps.log.error({ relay: this.peer.relay, error: message }, 'a relay link failed');
        this.refuse('internal', 'the console failed to handle a frame');
      }
    });
  }

  async #greet(hello: Hello): Promise<void> {
    const { desk, clock } = this.#deps;
    if (this.#hello !== undefined) throw new AppError('frame-unexpected', 'a second HELLO');
    this.#hello = hello;
    const negotiated = negotiate(hello);
    if (!negotiated.ok) return this.#wrongProtocol(negotiated.code, negotiated.message);
    await desk.admit(this.peer);
    const link = { relay: this.peer.relay, site: this.peer.site, epoch: hello.epoch };
    const lanes = await desk.watermarks(link);
    if (this.isOver) return;
    const { credits, catchUpPerSecond } = desk.pace;
    const { proto } = negotiated;
    this.send('WELCOME', {
      proto,
      incarnation: desk.incarnation,
      lanes,
      credits,
      catchUpPerSecond,
      serverTime: clock.now(),
    });
    this.#proto = proto;
    this.#identity = link;
    this.#acks.begin(lanes);
    for (const mark of lanes) this.#marks.set(mark.lane, mark);
    this.#state = 'open';
    this.#noteClock(hello);
    this.#deps.onOpen(this);
    await Promise.all([this.sendRoster(hello.rosterVersion), this.sendCharter(hello.charterVersion)]);
  }

  #noteClock(hello: Hello): void {
    const { desk, clock } = this.#deps;
    const skewMs = skewOf(hello, clock.now());
    desk.onNews({ relay: this.peer.relay, at: clock.now(), clockSkewMs: skewMs, hello });
    if (Math.abs(skewMs) <= MAX_SKEW_MS) return;
    const detail = `the relay's clock is ${Math.round(skewMs / 1_000)} s ${skewMs > 0 ? 'ahead' : 'behind'}`;
    desk.onIncident(this.peer, { code: 'clock-skew', severity: 'warning', detail });
  }

  /** Sends the roster when it is newer than what the relay holds. */
  async sendRoster(held: number): Promise<void> {
    const roster = await this.#deps.desk.roster(this.peer.relay);
    if (roster.version > held) this.send('ROSTER', roster);
  }

  async sendCharter(held: number): Promise<void> {
    const charter = await this.#deps.desk.charter(this.peer.site);
    if (charter !== undefined && charter.version > held) this.send('CHARTER', { signed: charter.signed });
  }

  async #store(
    lane: Lane,
    store: (link: LinkIdentity) => Promise<{ received: number; durable: number }>,
  ): Promise<void> {
    if (this.#identity === undefined) return;
    const mark = { lane, ...(await store(this.#identity)) };
    if ((this.#marks.get(lane)?.durable ?? 0) < mark.durable) this.#marks.set(lane, mark);
    this.#acks.add(mark);
  }

  async #renew(request: FrameOf<'RENEW'>['body']): Promise<void> {
    if (request.kind === 'answer') return this.#fault('frame-unexpected', 'RENEW: an answer from a relay', 'RENEW');
    const now = this.#deps.clock.monotonic();
    if (now - this.#renewedAt < RENEW_EVERY_MS)
      return this.#fault('rate-limited', `RENEW: at most once in ${RENEW_EVERY_MS / 1_000} s`, 'RENEW');
    this.#renewedAt = now;
    try {
      this.send('RENEW', { kind: 'answer', certificate: await this.#deps.desk.renew(this.peer, request) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // A refused renewal is no reason to lose the stream: the old certificate lasts until it expires.
      this.#fault(error.code, error.message, 'RENEW');
      this.#deps.desk.onIncident(this.peer, { code: error.code, severity: 'warning', detail: error.message });
    }
  }

  #end(code: number, reason: string): void {
    if (this.isOver) return;
    this.#deps.socket.close(code, reason);
    this.#finish();
  }

  #finish(): void {
    if (this.isOver) return;
    this.#over.abort(new AppError('unavailable', 'the link is over'));
    this.#deps.onEnd(this);
  }
}
