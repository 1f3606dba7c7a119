// One way of one proxied connection: holds chunks back until they are due, then delivers, swallows or spoils them.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Clock } from '#shared/base/clock.ts';
import type { Damage, Faults, Way } from './proxy.ts';

/** What all connections of a proxy share. */
export interface Link {
  clock: Clock;
  random: () => number;
  faults: () => Faults;
  /** When the line is free again, monotonic, each way: how bandwidth is shared. */
  freeAt: Record<Way, number>;
  bytes: Record<Way | 'swallowed', number>;
}

interface Chunk {
  bytes: Buffer;
  dueAt: number;
}

/** 1 MiB held per way, then the sender waits: about what a kernel would buffer. */
const MAX_HELD_BYTES = 1_048_576;
/** 8 KiB at a time under a bandwidth limit: a narrow line trickles, it does not burst. */
const PACED_BYTES = 8_192;
/** Linux' smallest retransmission timeout. */
const RETRANSMIT_MS = 200;

export class Direction {
  readonly #way: Way;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #link: Link;
  readonly #broke: () => void;
  readonly #stopped = new AbortController();
  #queue: Chunk[] = [];
  #heldBytes = 0;
  #lastDueAt = 0;
  #damage: Damage | undefined;
  #hasEnded = false;
  #hasLost = false;
  #news: { promise: Promise<void>; tell: () => void } | undefined;

  constructor(way: Way, from: Socket, to: Socket, link: Link, broke: () => void) {
    this.#way = way;
    this.#from = from;
    this.#to = to;
    this.#link = link;
    this.#broke = broke;
    from.on('data', (bytes) => this.#take(bytes));
    from.once('end', () => {
      this.#hasEnded = true;
      this.wake();
    });
    void this.#deliver().catch(() => {
      if (!this.#stopped.signal.aborted) this.#broke();
    });
  }

  /** A black hole took bytes of this connection: it can never be right again. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  damageNext(kind: Damage): void {
    this.#damage = kind;
  }

  /** Something changed: new bytes, the end, other faults. */
  wake(): void {
    this.#news?.tell();
    this.#news = undefined;
  }

  /** Does `action` as soon as the network passes anything again. */
  whenPassing(action: () => void): void {
    void this.#until(({ isStalled, isBlackHole }) => !isStalled && !isBlackHole).then(action, () => undefined);
  }

  stop(): void {
    this.#stopped.abort(new Error('the connection is closed'));
    this.wake();
  }

  #take(bytes: Buffer): void {
    const { delayMs, jitterMs, dropRatio } = this.#link.faults();
    const { random, clock } = this.#link;
    const lateMs = delayMs + random() * jitterMs + (random() < dropRatio ? RETRANSMIT_MS : 0);
    this.#lastDueAt = Math.max(this.#lastDueAt, clock.monotonic() + lateMs);
    this.#queue.push({ bytes, dueAt: this.#lastDueAt });
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_HELD_BYTES) this.#from.pause();
    this.wake();
  }

  async #deliver(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.#untilPassing();
      const chunk = this.#queue.shift();
      if (chunk !== undefined) await this.#pass(chunk);
      else if (this.#hasEnded) return this.#end();
      else await this.#untilNews();
    }
  }

  #end(): void {
    if (!this.#link.faults().isBlackHole) this.#to.end();
    else this.#hasLost = true;
  }

  async #pass({ bytes, dueAt }: Chunk): Promise<void> {
    const { clock, bytes: counts, faults } = this.#link;
    const wait = dueAt - clock.monotonic();
    if (wait > 0) await clock.sleep(wait, this.#stopped.signal);
    await this.#untilPassing();
    if (faults().isBlackHole) {
      this.#hasLost = true;
      counts.swallowed += bytes.length;
    } else await this.#write(this.#spoilt(bytes));
    this.#heldBytes -= bytes.length;
    if (this.#heldBytes <= MAX_HELD_BYTES && this.#from.isPaused()) this.#from.resume();
  }

  #spoilt(bytes: Buffer): Buffer[] {
    const damage = this.#damage;
    this.#damage = undefined;
    const middle = Math.floor(bytes.length / 2);
    if (damage === undefined) return [bytes];
    if (damage === 'duplicate') return [bytes, bytes];
    if (damage === 'corrupt') {
      const copy = Buffer.from(bytes);
      copy[middle] = (copy[middle] ?? 0) ^ 0x01;
      return [copy];
    }
    this.#queue = [];
    this.#hasEnded = true; // the FIN follows the first half; what the sender says after it goes nowhere
    this.#from.removeAllListeners('data');
    this.#from.resume();
    return [bytes.subarray(0, middle)];
  }

  async #write(chunks: Buffer[]): Promise<void> {
    for (const bytes of chunks) {
      for (let from = 0; from < bytes.length; ) {
        const size = this.#link.faults().bitsPerSecond > 0 ? PACED_BYTES : bytes.length;
        const part = bytes.subarray(from, from + size);
        await this.#waitForLine(part.length);
        if (!this.#to.write(part)) await once(this.#to, 'drain', { signal: this.#stopped.signal });
        this.#link.bytes[this.#way] += part.length;
        from += part.length;
      }
    }
  }

  /** Books the shared line for `bytes` and waits until they have passed it. */
  async #waitForLine(bytes: number): Promise<void> {
    const { clock, faults, freeAt } = this.#link;
    const { bitsPerSecond } = faults();
    if (bitsPerSecond <= 0) return;
    const start = Math.max(freeAt[this.#way], clock.monotonic());
    freeAt[this.#way] = start + (bytes * 8_000) / bitsPerSecond;
    await clock.sleep(freeAt[this.#way] - clock.monotonic(), this.#stopped.signal);
  }

  #untilPassing(): Promise<void> {
    return this.#until(({ isStalled }) => !isStalled);
  }

  async #until(isReached: (faults: Faults) => boolean): Promise<void> {
    while (!isReached(this.#link.faults())) await this.#untilNews();
  }

  async #untilNews(): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    if (this.#news === undefined) {
      let tell = (): void => undefined;
      const promise = new Promise<void>((resolve) => {
        tell = resolve;
      });
      this.#news = { promise, tell };
    }
    await this.#news.promise;
    this.#stopped.signal.throwIfAborted();
  }
}
