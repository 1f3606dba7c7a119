// One relay's connection as the protocol sees it: greeting, then an open link. Every byte from the peer is hostile.
import type { LinkIdentity } from '#console/ingest/record-hooks.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError, type ErrorCode } from '#shared/base/errors.ts';
import type { SealedCredential } from '#shared/model/credential.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import type { SealedVariable } from '#shared/model/variable.ts';
import type { GoAway } from '#shared/protocol/control.ts';
import type { Frame, FrameOf, LinkState, MessageType } from '#shared/protocol/frame.ts';
import type { Hello } from '#shared/protocol/handshake.ts';
import type { Lane, Watermark } from '#shared/protocol/lane.ts';
import { PASSKEY_SEAL_PROTOCOL, VARIABLE_PROTOCOL, VAULT_PROTOCOL } from '#shared/protocol/vault.ts';
import { decodeFrame, type Refusal } from '#shared/protocol/wire-codec.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { AckBuffer } from './ack-buffer.ts';
import { MAX_SKEW_MS, negotiate, peekProtocols, skewOf } from './hello-check.ts';
import { LaneMarks } from './lane-marks.ts';
import type { LinkDesk, Peer } from './link-desk.ts';
import { CLOSE_LEAVING, CLOSE_REFUSED, type LinkSocket, type LinkSocketEvents } from './link-socket.ts';
import { LinkTeller } from './link-teller.ts';
import { LinkWire } from './link-wire.ts';
import type { Pace } from './pace.ts';

/** A TLS connection that says nothing holds memory: 10 s is ample for a relay that has its HELLO ready. */
const GREETING_MS = 10_000;
/** A certificate lives for days; a relay that asks every few seconds is broken. */
const RENEW_EVERY_MS = 30_000;
/** A relay tells at most once a second, and two of those may come close together. */
const VAULT_EVERY_MS = 250;

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
  readonly #wire: LinkWire;
  readonly #acks: AckBuffer;
  readonly #openedAt: number;
  #state: LinkState = 'greeting';
  #hello: Hello | undefined;
  #identity: LinkIdentity | undefined;
  #proto: number | undefined;
  #introduced: Promise<unknown> = Promise.resolve();
  #renewedAt = -Infinity;
  #vaultAt = -Infinity;
  #isSkewed: boolean = false;
  readonly #marks: LaneMarks;
  readonly #told: LinkTeller;

  constructor(deps: RelayLinkDeps) {
    const { clock, socket } = deps;
    this.#deps = deps;
    this.peer = deps.peer;
    this.#openedAt = clock.now();
    this.#wire = new LinkWire({ socket, clock, onEnd: () => deps.onEnd(this) });
    this.#acks = new AckBuffer({ clock, signal: this.#wire.signal, send: (ack) => this.send('ACK', ack) });
    this.#marks = new LaneMarks(this.#acks);
    const { desk, peer } = deps;
    this.#told = new LinkTeller({
      ...{ desk, peer, proto: () => this.#proto ?? 0 },
      send: (type, body) => this.send(type, body),
    });
  }

  /** Waits for HELLO and pings; resolves when the link is over. */
  async run(): Promise<void> {
    const greeting = this.#deps.clock.sleep(GREETING_MS, this.#wire.signal).then(
      () => this.#state === 'greeting' && this.refuse('timed-out', `no HELLO within ${GREETING_MS / 1_000} s`),
      () => undefined, // over before the deadline
    );
    await Promise.all([greeting, this.#wire.keepAlive()]);
  }

  get isOver(): boolean {
    return this.#wire.isOver;
  }

  get hello(): Hello | undefined {
    return this.#hello;
  }

  /** Resolves once the relay was sent its roster and charter: an order of today may need both. Rejects when it could not be. */
  async introduced(): Promise<void> {
    await this.#introduced;
  }

  /** Asks for a sign of life now. */
  ping(): void {
    this.#wire.ping();
  }

  /** How long ago the peer was heard. */
  get silenceMs(): number {
    return this.#wire.silenceMs;
  }

  get stats(): LinkStats {
    return {
      state: this.isOver ? 'closed' : this.#state,
      openedAt: this.#openedAt,
      version: this.#hello?.version,
      proto: this.#proto,
      ...this.#wire.counters,
      lastHeardAt: this.#deps.clock.now() - Math.round(this.silenceMs),
      lanes: (this.#hello?.lanes ?? []).map((lane) => this.#marks.shown(lane)),
    };
  }

  /** False when the link is over, or ends because the peer does not read. */
  send<T extends MessageType>(type: T, body: FrameOf<T>['body']): boolean {
    return this.#wire.send(type, body);
  }

  setPace(pace: Pace): void {
    if (this.#state === 'open') this.#acks.sendPace(pace);
  }

  /** Asks the relay to leave, and ends the link. */
  goAway(goAway: GoAway): void {
    this.#acks.flush();
    this.send('GOAWAY', goAway);
    this.#wire.end(CLOSE_LEAVING, goAway.reason);
  }

  /** Says why, and ends the link. */
  refuse(code: ErrorCode, message: string, goAway?: GoAway): void {
    if (this.isOver) return;
    this.#wire.fault(code, message);
    if (goAway !== undefined) this.send('GOAWAY', goAway);
    this.#deps.log.warn({ relay: this.peer.relay, address: this.peer.address, code }, `relay link refused: ${message}`);
    this.#wire.end(CLOSE_REFUSED, code);
  }

  onMessage(bytes: Uint8Array | undefined): void {
    if (this.isOver) return;
    this.#wire.received(bytes?.length ?? 0);
    const decoded =
      bytes === undefined
        ? ({ ok: false, code: 'frame-malformed', message: 'a text message' } satisfies Refusal)
        : decodeFrame(bytes, { from: 'relay', state: this.#state });
    if (decoded.ok) {
      this.#wire.budget.good();
      this.#handle(decoded.frame);
    } else this.#bad(decoded, bytes);
  }

  onPong(): void {
    this.#wire.pong();
  }

  onClose(): void {
    this.#wire.ended();
  }

  #bad(refusal: Refusal, bytes: Uint8Array | undefined): void {
    const range = this.#state === 'greeting' && bytes !== undefined ? peekProtocols(bytes) : undefined;
    const negotiated = range === undefined ? undefined : negotiate(range);
    if (negotiated?.ok === false) {
      this.#wrongProtocol(negotiated.code, negotiated.message);
      return;
    }
    const isTooMany = this.#wire.budget.spoil();
    this.#wire.fault(refusal.code, refusal.message, refusal.type);
    if (!isTooMany) return;
    const detail = `${this.#wire.budget.bad} bad frames, the last: ${refusal.message}`;
    this.#deps.desk.onIncident(this.peer, { code: refusal.code, severity: 'warning', detail });
    this.#wire.end(CLOSE_REFUSED, refusal.code);
  }

  #wrongProtocol(code: ErrorCode, message: string): void {
    this.#deps.desk.onIncident(this.peer, { code, severity: 'critical', detail: message });
    // Ten minutes: an update is not there any sooner.
    this.refuse(code, message, { reason: 'protocol', delayMs: 600_000 });
  }

  #handle(frame: Frame): void {
    const { desk, log } = this.#deps;
    switch (frame.type) {
      case 'HELLO':
        this.#take(this.#greet(frame.body));
        break;
      case 'BATCH':
        this.#take(this.#store(frame.body.lane, (link) => desk.batch(link, frame.body)));
        break;
      case 'GAP':
        this.#take(this.#store(frame.body.lane, (link) => desk.gap(link, frame.body)));
        break;
      case 'RENEW':
        this.#take(this.#renew(frame.body));
        break;
      case 'PROBED':
        desk.onProbed(this.peer, frame.body);
        break;
      case 'HEALTH':
        this.#noteSkew(frame.body.at - this.#deps.clock.now());
        desk.onHealth(this.peer, frame.body);
        break;
      case 'WITNESS':
        desk.onWitness(this.peer, frame.body);
        break;
      case 'VAULT':
        this.#take(this.#vault(frame.body));
        break;
      case 'FAULT':
        log.warn({ relay: this.peer.relay, ...frame.body }, 'the relay refused a frame');
        break;
      case 'GOAWAY':
        this.#wire.end(CLOSE_LEAVING, frame.body.reason);
        break;
      case 'STREAM':
        // Credit bounds these; a full window of key presses is no flood of frames.
        if (desk.onStream(this.peer, frame.body)) this.#wire.budget.giveBack();
        else this.#wire.fault('frame-unexpected', 'no such stream is open', 'STREAM');
        break;
      case 'CHUNKS':
        desk.onChunks(this.peer, frame.body);
        break;
      default:
        // decodeFrame has refused all others: a relay never sends them.
        break;
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
    this.#marks.begin(lanes);
    this.#state = 'open';
    this.#noteClock(hello);
    // Read after it is the relay's link: a change from here on is sent to it anyway.
    const introduce = async () => {
      await Promise.all([this.sendRoster(hello.rosterVersion), this.sendCharter(hello.charterVersion)]);
      // Behind the charter that says whose signature stops a site, and before any order.
      await this.sendBrakes();
      await this.sendStanding();
      await this.sendWatch();
    };
    this.#introduced = Promise.resolve().then(introduce);
    this.#deps.onOpen(this);
    await this.#introduced;
  }

  #noteClock(hello: Hello): void {
    const skewMs = skewOf(hello, this.#deps.clock.now());
    this.#noteSkew(skewMs, { hello });
  }

  /** At the HELLO and every ten seconds: a clock may be turned at any time, and an order is refused for its times soon after. */
  #noteSkew(skewMs: number, more: { hello?: Hello } = {}): void {
    const { desk, clock } = this.#deps;
    desk.onNews({ relay: this.peer.relay, at: clock.now(), clockSkewMs: skewMs, ...more });
    const wasSkewed = this.#isSkewed;
    this.#isSkewed = Math.abs(skewMs) > MAX_SKEW_MS;
    if (wasSkewed || !this.#isSkewed) return;
    const detail = `the relay's clock is ${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? 'ahead' : 'behind'}`;
    desk.onIncident(this.peer, { code: 'clock-skew', severity: 'warning', detail });
  }

  /** One that cannot be read ends the link, and the relay asks for it when it is back. */
  offerRoster(): void {
    this.#take(this.sendRoster(-1));
  }

  /** Sends the roster when it is newer than what the relay holds. */
  sendRoster = (held: number): Promise<void> => this.#told.roster(held);

  sendCharter = (held: number): Promise<void> => this.#told.charter(held);

  /** Sends freeze and thaw of the site, oldest first. False to a relay that knows neither, and when the link is over. */
  sendBrakes = (): Promise<boolean> => this.#told.brakes();

  /** Sends withdrawals and standing orders; a relay that has them takes none twice. False as above. */
  sendStanding = (): Promise<boolean> => this.#told.standing();

  /** Sends the signed watch document and the members of its layers. False as above. */
  sendWatch = (): Promise<boolean> => this.#told.watch();

  /** False to a relay that knows no sealed credentials, or none that a passkey signed, and when the link is over. */
  sendCredential(sealed: SealedCredential): boolean {
    const known = typeof sealed.signature === 'string' ? VAULT_PROTOCOL : PASSKEY_SEAL_PROTOCOL;
    return (this.#proto ?? 0) >= known && this.send('CREDENTIAL', { sealed });
  }

  /** False to a relay that knows no variables, and when the link is over. */
  sendVariable(variable: SealedVariable): boolean {
    return (this.#proto ?? 0) >= VARIABLE_PROTOCOL && this.send('CREDENTIAL', { variable });
  }

  async #vault(told: RelayVault): Promise<void> {
    const now = this.#deps.clock.monotonic();
    if (now - this.#vaultAt < VAULT_EVERY_MS)
      return this.#wire.fault('rate-limited', `VAULT: at most once in ${VAULT_EVERY_MS} ms`, 'VAULT');
    this.#vaultAt = now;
    // Behind the charter that names who may seal.
    await this.#introduced;
    const { credentials, variables } = await this.#deps.desk.vault(this.peer, told);
    for (const sealed of credentials) this.sendCredential(sealed);
    for (const sealed of variables) this.sendVariable(sealed);
  }

  /** More of the lane is durable, of the spool that this link speaks for. */
  tellDurable(epoch: string, mark: Watermark): void {
    if (this.#state === 'open' && !this.isOver && this.#identity?.epoch === epoch) this.#marks.take(mark);
  }

  async #store(
    lane: Lane,
    store: (link: LinkIdentity) => Promise<{ received: number; durable: number }>,
  ): Promise<void> {
    if (this.#identity === undefined) return;
    this.#marks.take({ lane, ...(await store(this.#identity)) });
  }

  async #renew(request: FrameOf<'RENEW'>['body']): Promise<void> {
    if (request.kind === 'answer')
      return this.#wire.fault('frame-unexpected', 'RENEW: an answer from a relay', 'RENEW');
    const now = this.#deps.clock.monotonic();
    if (now - this.#renewedAt < RENEW_EVERY_MS)
      return this.#wire.fault('rate-limited', `RENEW: at most once in ${RENEW_EVERY_MS / 1_000} s`, 'RENEW');
    this.#renewedAt = now;
    try {
      this.send('RENEW', { kind: 'answer', certificate: await this.#deps.desk.renew(this.peer, request) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // A refused renewal is no reason to lose the stream: the old certificate lasts until it expires.
      this.#wire.fault(error.code, error.message, 'RENEW');
      this.#deps.desk.onIncident(this.peer, { code: error.code, severity: 'warning', detail: error.message });
    }
  }
}
