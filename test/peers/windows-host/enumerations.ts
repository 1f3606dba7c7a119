// Enumerations of the fake host: the first page holds one item, the following ones what fits 75 KB, as recorded from real hosts.
import type { HostLimits } from './host-mode.ts';
import { FAULTS } from './wsman-fault.ts';

interface Enumeration {
  items: readonly string[];
  next: number;
  owner: string;
  touchedAt: number;
}

export interface Page {
  items: readonly string[];
  /** Absent at the end. */
  context: string | undefined;
}

export interface PageAsk {
  maxItems: number;
  /** Of the whole answer, as the client asks. */
  maxBytes: number;
}

/** What the envelope around a page takes. */
const ENVELOPE_BYTES = 2_000;

export class Enumerations {
  readonly #limits: HostLimits;
  readonly #newId: () => string;
  readonly #now: () => number;
  readonly #open = new Map<string, Enumeration>();

  constructor(limits: HostLimits, newId: () => string, now: () => number) {
    this.#limits = limits;
    this.#newId = newId;
    this.#now = now;
  }

  get size(): number {
    this.#sweep();
    return this.#open.size;
  }

  ofUser(owner: string): number {
    this.#sweep();
    return [...this.#open.values()].filter((one) => one.owner === owner).length;
  }

  /** A single item is the whole answer; of several, one comes first. */
  start(items: readonly string[], owner: string, ask: PageAsk | undefined): Page {
    const enumeration = { items, next: 0, owner, touchedAt: this.#now() };
    const page =
      ask === undefined ? [] : take(enumeration, { ...ask, maxItems: Math.min(1, ask.maxItems) }, this.#limits);
    if (ask !== undefined && enumeration.next >= items.length) return { items: page, context: undefined };
    const context = this.#newId();
    this.#open.set(context, enumeration);
    return { items: page, context };
  }

  pull(context: string, owner: string, ask: PageAsk): Page {
    this.#sweep();
    const enumeration = this.#open.get(context);
    if (enumeration === undefined || enumeration.owner !== owner) throw FAULTS.badContext();
    enumeration.touchedAt = this.#now();
    const items = take(enumeration, ask, this.#limits);
    if (enumeration.next < enumeration.items.length) return { items, context };
    this.#open.delete(context);
    return { items, context: undefined };
  }

  release(context: string, owner: string): void {
    if (this.#open.get(context)?.owner !== owner) throw FAULTS.badContext();
    this.#open.delete(context);
  }

  #sweep(): void {
    const oldest = this.#now() - this.#limits.enumerationTimeoutMs;
    for (const [context, { touchedAt }] of this.#open) if (touchedAt < oldest) this.#open.delete(context);
  }
}

function take(enumeration: Enumeration, { maxItems, maxBytes }: PageAsk, limits: HostLimits): string[] {
  const room = Math.min(maxBytes - ENVELOPE_BYTES, limits.pageBytes);
  const page: string[] = [];
  let bytes = 0;
  while (page.length < maxItems) {
    const item = enumeration.items[enumeration.next];
    if (item === undefined) break;
    bytes += Buffer.byteLength(item);
    if (page.length > 0 && bytes > room) break;
    if (bytes > maxBytes - ENVELOPE_BYTES) throw FAULTS.encodingLimit();
    page.push(item);
    enumeration.next += 1;
  }
  return page;
}
