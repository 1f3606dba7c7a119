// Slows down who guesses: after some wrong answers nothing is looked at for a growing while. Known and unknown names are the same to it.
import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Clock } from '#shared/base/clock.ts';

/**
 * Both tables are keyed by a keyed hash of 16 bits: at most 65,536 entries of some 100 bytes, and nobody can make an entry
 * be forgotten by guessing at others, nor choose who shares one with whom.
 */
const BUCKETS = 65_536;

/** A person mistypes a few times over a day; ten guesses at a password of twelve letters and a code are nothing. */
const NAME = { free: 10, firstMs: 60_000, longestMs: 15 * 60_000, forgetMs: 24 * 3_600_000 } as const;
/** An office of a hundred people behind one address mistypes more; a guesser has ten for each name all the same. */
const ADDRESS = { free: 100, firstMs: 60_000, longestMs: 15 * 60_000, forgetMs: 3_600_000 } as const;

interface Rule {
  /** Wrong answers before the first wait. */
  free: number;
  /** The first wait; each further wrong answer doubles it. */
  firstMs: number;
  longestMs: number;
  /** Without a wrong answer for so long, all is forgotten. */
  forgetMs: number;
}

interface Entry {
  wrong: number;
  lastAt: number;
  openAt: number;
}

class Table {
  readonly #rule: Rule;
  readonly #entries = new Map<number, Entry>();

  constructor(rule: Rule) {
    this.#rule = rule;
  }

  isShut(bucket: number, now: number): boolean {
    const entry = this.#entries.get(bucket);
    if (entry === undefined) return false;
    if (now - entry.lastAt < this.#rule.forgetMs) return now < entry.openAt;
    this.#entries.delete(bucket);
    return false;
  }

  count(bucket: number, now: number): void {
    const { free, firstMs, longestMs } = this.#rule;
    const wrong = (this.#entries.get(bucket)?.wrong ?? 0) + 1;
    // Not above 2^20: by then the longest wait holds long since.
    const waitMs = wrong < free ? 0 : Math.min(firstMs * 2 ** Math.min(wrong - free, 20), longestMs);
    this.#entries.set(bucket, { wrong, lastAt: now, openAt: now + waitMs });
  }

  takeBack(bucket: number): void {
    const entry = this.#entries.get(bucket);
    if (entry !== undefined) this.#entries.set(bucket, { ...entry, wrong: Math.max(entry.wrong - 1, 0), openAt: 0 });
  }

  forget(bucket: number): void {
    this.#entries.delete(bucket);
  }
}

/** One try: counted as wrong from its beginning, so that a thousand at once are not looked at before one is counted. */
export interface Try {
  /** It was right: the name begins anew, the address is given back this one. */
  wasRight(): void;
}

export class GuessBrake {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);
  readonly #names = new Table(NAME);
  readonly #addresses = new Table(ADDRESS);

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** Undefined while the name or the address has to wait: then nothing may be looked at, and waiting grows no longer by it. */
  begin(name: string, address: string | undefined): Try | undefined {
    const now = this.#clock.monotonic();
    const named = this.#bucketOf('name', name);
    // Who is known by name alone shares no bucket with others, so that nobody can shut it for them.
    const from = address === undefined ? undefined : this.#bucketOf('address', networkOf(address));
    if (this.#names.isShut(named, now) || (from !== undefined && this.#addresses.isShut(from, now))) return undefined;
    this.#names.count(named, now);
    if (from !== undefined) this.#addresses.count(from, now);
    return {
      wasRight: () => {
        this.#names.forget(named);
        if (from !== undefined) this.#addresses.takeBack(from);
      },
    };
  }

  #bucketOf(kind: string, text: string): number {
    return createHmac('sha256', this.#key).update(`${kind}\n${text}`).digest().readUInt16BE(0) % BUCKETS;
  }
}

/** Who has one IPv6 address has 2^64 of them. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}
