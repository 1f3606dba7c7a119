// Sends the spool's lanes on one connection: in order, within the console's credits, outcomes and alerts first.

import type { SpoolItem } from '#relay/spool/read-lane.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type Ack, type Batch, BUNDLE_PROTOCOL, type Credits, type Gap } from '#shared/protocol/batch.ts';
import { bundleFrom, MAX_BUNDLE_BYTES, MAX_BUNDLE_COUNT } from '#shared/protocol/bundle-batches.ts';
import type { Welcome } from '#shared/protocol/handshake.ts';
import { LANES, type Lane } from '#shared/protocol/lane.ts';
import { BulkWindow } from './bulk-window.ts';
import { CatchUpRate } from './catch-up-rate.ts';
import { InFlight } from './in-flight.ts';

export type Outgoing = { type: 'BATCH'; body: Batch } | { type: 'GAP'; body: Gap };

export interface SenderDeps {
  spool: Pick<Spool, 'read' | 'acknowledge'>;
  clock: Clock;
  welcome: Welcome;
  /** Gives the size of the frame in bytes. */
  send: (frame: Outgoing) => number;
  /** Bytes that the socket holds in memory. */
  bufferedBytes: () => number;
}

/** A console that acknowledges nothing for this long, beside the time the link itself takes, is not there. */
const ACK_STALL_MS = 15_000;
/** Samples leave this share of the credits to outcomes and alerts, which then never wait for an acknowledgement of samples. */
const URGENT_SHARE = 1 / 8;
/** Held by the socket: for samples one batch, for outcomes four; beyond it we wait, so memory stays bounded. */
const MAX_BUFFERED_BULK = 64 * 1024;
const MAX_BUFFERED = 1024 * 1024;
/** The socket has no event for "drained"; asking 50 times a second costs nothing. */
const DRAIN_POLL_MS = 20;

type Blocked = 'empty' | 'credits' | 'window' | 'rate' | 'buffer';

export class Sender {
  readonly #deps: SenderDeps;
  readonly #inFlight = new InFlight();
  readonly #window = new BulkWindow();
  readonly #rate: CatchUpRate;
  /** Last number sent per lane; begins at what the console has. */
  readonly #sent: number[];
  readonly #received: number[];
  #credits: Credits;
  /** Monotonic time of the last acknowledgement, or of the first thing in flight after none was. */
  #progressAt: number;
  #gaps = 0;
  #batches = 0;
  /** Something of lanes 0 to 2 waited after the last look. */
  #isBehind: boolean = false;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    const { welcome, clock } = deps;
    const received = LANES.map((lane) => welcome.lanes.find((mark) => mark.lane === lane)?.received ?? 0);
    this.#sent = received;
    this.#received = [...received];
    this.#credits = welcome.credits;
    this.#progressAt = clock.monotonic();
    this.#rate = new CatchUpRate(welcome.catchUpPerSecond, clock.monotonic());
  }

  get stats() {
    const { batches, bytes } = this.#inFlight;
    return { inFlight: { batches, bytes }, windowBytes: this.#window.bytes, batches: this.#batches, gaps: this.#gaps };
  }

  /** All that is urgent or live is on its way, and the socket holds nothing: other things may go. */
  get isAhead(): boolean {
    return !this.#isBehind && this.#deps.bufferedBytes() === 0;
  }

  receivedOf(lane: Lane): number {
    return this.#received[lane] ?? 0;
  }

  /** Sends what may go now. Gives when to try again by the clock; undefined when only news (a write, an ACK) can help. */
  pump(): number | undefined {
    let again: number | undefined;
    this.#isBehind = false;
    for (const lane of LANES) {
      let blocked = this.#trySend(lane);
      while (blocked === undefined) blocked = this.#trySend(lane);
      if (lane < 3 && blocked !== 'empty') this.#isBehind = true;
      const waitMs = this.#waitFor(blocked);
      if (waitMs !== undefined) again = Math.min(again ?? waitMs, waitMs);
      // Strict priority: what cannot go for want of credits or buffer leaves none to the lanes below.
      if (blocked === 'credits' || blocked === 'buffer') break;
    }
    return again;
  }

  /** Throws `sequence-gap` when the console acknowledges what we never sent. */
  onAck({ lanes, pace }: Ack): void {
    const { clock, spool } = this.#deps;
    const now = clock.monotonic();
    if (pace !== undefined) {
      this.#credits = pace.credits;
      this.#rate.change(pace.catchUpPerSecond, now);
    }
    for (const mark of lanes) {
      const sent = this.#sent[mark.lane] ?? 0;
      if (mark.received > sent || mark.durable > mark.received) {
        throw new AppError('sequence-gap', `ACK of lane ${mark.lane}: ${mark.received}/${mark.durable}, sent ${sent}`);
      }
      this.#settle(mark.lane, mark.received, now);
      spool.acknowledge(mark);
    }
  }

  isStalled(): boolean {
    if (this.#inFlight.batches === 0) return false;
    const allowedMs = ACK_STALL_MS + this.allowanceMs();
    return this.#deps.clock.monotonic() - this.#progressAt > allowedMs;
  }

  /** What the bytes in flight may take on this link; a pong waits behind them too. */
  allowanceMs(): number {
    return this.#window.allowanceMs(this.#inFlight.bytes);
  }

  #settle(lane: Lane, received: number, now: number): void {
    this.#received[lane] = Math.max(this.#received[lane] ?? 0, received);
    const done = this.#inFlight.acknowledge(lane, received);
    const newest = done.at(-1);
    if (newest === undefined) return;
    this.#progressAt = now;
    if (lane < 2) return;
    const acked = done.reduce((sum, sent) => sum + sent.bytes, 0);
    const maxBytes = this.#credits.bytes * (1 - URGENT_SHARE);
    this.#window.onAck({ latencyMs: now - newest.at, ahead: newest.ahead, acked, now, maxBytes });
  }

  /** Undefined when one more went. */
  #trySend(lane: Lane): Blocked | undefined {
    const blocked = this.#blocked(lane);
    if (blocked !== undefined) return blocked;
    const now = this.#deps.clock.monotonic();
    const most = lane === 3 ? this.#rate.available(now) : MAX_BUNDLE_COUNT;
    const item = this.#next(lane, Math.max(1, most));
    if (item === undefined) return 'empty';
    const size = 'batch' in item ? item.batch.data.length : 0;
    // One batch may always go when nothing is on its way, whatever the credit in bytes.
    const { batches, bytes } = this.#inFlight;
    if (batches > 0 && bytes + size > this.#creditOf(lane).bytes) return 'credits';
    if (most < 1) return 'rate';
    if (lane === 3) this.#rate.take('batch' in item ? item.batch.seq - (item.batch.from ?? item.batch.seq) + 1 : 1);
    if (batches === 0) this.#progressAt = now;
    this.#sendItem(lane, item, now);
    return undefined;
  }

  /** What is to go next: a gap, a batch, or the batches of one hour that wait together, as far as window and credit reach. */
  #next(lane: Lane, most: number): SpoolItem | undefined {
    const { spool, welcome } = this.#deps;
    const from = (this.#sent[lane] ?? 0) + 1;
    if (lane < 2 || welcome.proto < BUNDLE_PROTOCOL) return spool.read(lane, from, 1, 1)[0];
    const bulkBytes = lane === 2 ? this.#inFlight.bytesOf(2) : this.#inFlight.bulkBytes();
    const free = Math.min(this.#window.bytes - bulkBytes, this.#creditOf(lane).bytes - this.#inFlight.bytes);
    const maxBytes = Math.min(MAX_BUNDLE_BYTES, free);
    const items = spool.read(lane, from, Math.min(most, MAX_BUNDLE_COUNT), Math.max(1, maxBytes));
    const gapAt = items.findIndex((item) => 'gap' in item);
    if (gapAt === 0) return items[0];
    const run = items
      .slice(0, gapAt < 0 ? items.length : gapAt)
      .flatMap((item) => ('batch' in item ? [item.batch] : []));
    const batch = bundleFrom(run, 0, maxBytes);
    return batch && { batch };
  }

  #sendItem(lane: Lane, item: SpoolItem, at: number): void {
    const frame: Outgoing = 'batch' in item ? { type: 'BATCH', body: item.batch } : { type: 'GAP', body: item.gap };
    const bytes = this.#deps.send(frame);
    const to = frame.type === 'BATCH' ? frame.body.seq : frame.body.to;
    this.#inFlight.add({ lane, to, bytes, at });
    this.#sent[lane] = to;
    if (frame.type === 'BATCH') this.#batches += to - (frame.body.from ?? to) + 1;
    else this.#gaps += 1;
  }

  #blocked(lane: Lane): Blocked | undefined {
    const isBulk = lane >= 2;
    if (this.#deps.bufferedBytes() > (isBulk ? MAX_BUFFERED_BULK : MAX_BUFFERED)) return 'buffer';
    const credit = this.#creditOf(lane);
    if (this.#inFlight.batches >= credit.batches || this.#inFlight.bytes >= credit.bytes) return 'credits';
    // Live samples wait for live samples only; the backlog also waits for them.
    const bulkBytes = lane === 2 ? this.#inFlight.bytesOf(2) : this.#inFlight.bulkBytes();
    return isBulk && bulkBytes >= this.#window.bytes ? 'window' : undefined;
  }

  #creditOf(lane: Lane): Credits {
    if (lane < 2) return this.#credits;
    const share = (total: number) => Math.max(1, Math.floor(total * (1 - URGENT_SHARE)));
    return { batches: share(this.#credits.batches), bytes: share(this.#credits.bytes) };
  }

  #waitFor(blocked: Blocked): number | undefined {
    if (blocked === 'buffer') return DRAIN_POLL_MS;
    return blocked === 'rate' ? Math.max(1, this.#rate.waitMs(this.#deps.clock.monotonic())) : undefined;
  }
}
