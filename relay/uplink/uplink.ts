// The relay's link to the console: one outbound connection, kept up for ever, with the spool behind it.

import type { Spool } from '#relay/spool/spool.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { RelayEventRecord } from '#shared/model/record.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import type { Welcome } from '#shared/protocol/handshake.ts';
import { LANES } from '#shared/protocol/lane.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { type HelloFacts, SKEW_TOLD_MS } from './handshake.ts';
import { Link } from './link.ts';
import type { Dial } from './link-socket.ts';
import { describeEnd, IDLE, type LinkEnd, type LinkEvent, type LinkStatus, nextStatus } from './link-state.ts';
import type { LinkStreams, UplinkCallbacks } from './receiver.ts';
import type { Told } from './told-messages.ts';

export interface UplinkDeps {
  clock: Clock;
  /** 0 <= value < 1; spreads reconnects. */
  random: () => number;
  spool: Spool;
  dial: Dial;
  /** Asked at each connection. */
  facts: () => HelloFacts;
  callbacks: UplinkCallbacks;
  /** How the relay is right now. */
  health?: () => RelayHealth;
  /** What it holds of sealed credentials; told after each handshake and when it has changed. */
  vault?: () => RelayVault;
  streams?: LinkStreams | undefined;
  log: Logger;
}

export class Uplink {
  readonly #deps: UplinkDeps;
  readonly #stop = new AbortController();
  #status: LinkStatus = IDLE;
  #link: Link | undefined;
  #running: Promise<void> | undefined;
  #lastEnd: LinkEnd | undefined;
  #skewMs: number | undefined;
  /** Both clocks when the console's was last read: from then on a step of the wall clock shows against the other. */
  #readAt = { wall: 0, mono: 0 };
  #isSkewTold: boolean = false;
  #connects = 0;
  #past = { sent: 0, received: 0, badFrames: 0, faults: 0 };

  constructor(deps: UplinkDeps) {
    this.#deps = deps;
  }

  get isConnected(): boolean {
    return this.#status.phase === 'open';
  }

  /** Connects and goes on connecting until `stop`. */
  start(): void {
    if (this.#running !== undefined) return;
    const { spool } = this.#deps;
    spool.onWritten = () => this.#link?.poke();
    spool.onEpoch = () => this.#link?.finish({ why: 'new-epoch' });
    this.#running = this.#run();
  }

  /** Within 2 s, whatever the peer does. What is not acknowledged stays in the spool. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#link?.finish({ why: 'stopped' });
    await this.#running;
    this.#step({ type: 'stop' });
    const { spool } = this.#deps;
    spool.onWritten = undefined;
    spool.onEpoch = undefined;
  }

  /** Asks for a new certificate; false while the link is not open. */
  requestRenewal(spki: Uint8Array, proof: Uint8Array): boolean {
    return this.#link?.requestRenewal(spki, proof) ?? false;
  }

  /** False when nobody is there who could take it. */
  tell(said: Told): boolean {
    return this.#link?.tell(said) ?? false;
  }

  /** Whether bytes of a session may go now. */
  get hasStreamRoom(): boolean {
    return this.#link?.hasStreamRoom ?? false;
  }

  /** Bytes of history that may go now. */
  get historyRoom(): number {
    return this.#link?.historyRoom ?? 0;
  }

  /** The vault has changed. */
  tellVault(): void {
    this.#link?.tellVault();
  }

  stats() {
    const { traffic, badFrames, faults, ...link } = this.#link?.stats ?? NO_LINK;
    const lag = this.#deps.spool.stats().lanes.map((lane) => lane.next - 1 - lane.received);
    return {
      phase: this.#status.phase,
      /** Why the former connection ended. */
      lastEnd: this.#lastEnd === undefined ? undefined : describeEnd(this.#lastEnd),
      connects: this.#connects,
      skewMs: this.#skewNow(),
      /** Batches per lane that the console has not stored. */
      lag: Object.fromEntries(LANES.map((lane) => [lane, lag[lane] ?? 0])),
      bytesSent: this.#past.sent + traffic.sent,
      bytesReceived: this.#past.received + traffic.received,
      badFrames: this.#past.badFrames + badFrames,
      faults: this.#past.faults + faults,
      ...link,
    };
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const end = await this.#connect();
      this.#lastEnd = end;
      const { clock, random, log } = this.#deps;
      if (this.#stop.signal.aborted) return;
      this.#step({ type: 'ended', end, at: clock.monotonic(), random });
      if (this.#status.phase !== 'waiting') return;
      const { waitMs, attempt } = this.#status;
      log.warn({ end: describeEnd(end), waitMs: Math.round(waitMs), attempt }, 'the link to the console is down');
      await clock.sleep(waitMs, this.#stop.signal).catch(() => undefined); // stopped
    }
  }

  async #connect(): Promise<LinkEnd> {
    this.#step({ type: 'dial' });
    const { callbacks } = this.#deps;
    const link = new Link({
      ...this.#deps,
      // A clock that is off refuses orders for their times: people hear of the clock first.
      callbacks: {
        ...callbacks,
        onCommand: (command) => {
          this.#judgeSkew(this.#skewNow() ?? 0);
          return callbacks.onCommand(command);
        },
      },
      onConnected: () => this.#step({ type: 'connected' }),
      onWelcome: (welcome, skewMs) => this.#welcomed(welcome, skewMs),
    });
    this.#link = link;
    try {
      return await link.run();
    } finally {
      const { traffic, badFrames, faults } = link.stats;
      this.#past.sent += traffic.sent;
      this.#past.received += traffic.received;
      this.#past.badFrames += badFrames;
      this.#past.faults += faults;
      this.#link = undefined;
    }
  }

  #welcomed(welcome: Welcome, skewMs: number): void {
    const { clock, spool, log } = this.#deps;
    this.#step({ type: 'welcomed', at: clock.monotonic() });
    this.#connects += 1;
    log.info({ proto: welcome.proto, skewMs }, 'the link to the console is up');
    this.#skewMs = skewMs;
    this.#readAt = { wall: clock.now(), mono: clock.monotonic() };
    this.#judgeSkew(skewMs);
    if (spool.meetConsole(welcome.incarnation) !== 'changed') return;
    const marks = welcome.lanes.map(({ lane, received }) => `${lane}: ${received}`).join(', ');
    this.#tell('conflict', `the console's database is another one (a restored backup?); sending again after ${marks}`);
  }

  /** How far the console's clock is ahead by now: ours may have been turned since the WELCOME. */
  #skewNow(): number | undefined {
    if (this.#skewMs === undefined) return undefined;
    const { clock } = this.#deps;
    const turnedMs = clock.now() - this.#readAt.wall - (clock.monotonic() - this.#readAt.mono);
    return Math.round(this.#skewMs - turnedMs);
  }

  /** Told once when it begins, not at each connection. */
  #judgeSkew(skewMs: number): void {
    const isSkewed = Math.abs(skewMs) > SKEW_TOLD_MS;
    if (isSkewed && !this.#isSkewTold) {
      const seconds = Math.round(Math.abs(skewMs) / 1_000);
      this.#tell(
        'clock-skew',
        `this relay's clock is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} the console's`,
      );
    }
    this.#isSkewTold = isSkewed;
  }

  #tell(code: RelayEventRecord['code'], detail: string): void {
    const { clock, spool, log } = this.#deps;
    log.warn({ code, detail }, 'the relay tells the console');
    try {
      spool.addRecord(1, { type: 'relay-event', at: clock.now(), code, severity: 'warning', detail });
    } catch (error) {
      log.error(describeError(error), 'an event of the link could not be kept');
    }
  }

  #step(event: LinkEvent): void {
    this.#status = nextStatus(this.#status, event);
  }
}

const NO_LINK: Link['stats'] = {
  isLive: false,
  rttMs: undefined,
  badFrames: 0,
  faults: 0,
  traffic: { sent: 0, received: 0 },
};
