// Locks out who fails too often at the enrolment door: one address first, then everybody, within bounded memory.
import { isIPv6 } from 'node:net';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';

/** A person who pastes a token wrongly tries two or three times. */
const FAILURES_PER_ADDRESS = 10;
/** Failures from everywhere together: a botnet at the door. */
const FAILURES_IN_ALL = 500;
const WINDOW_MS = 600_000;
/** Addresses remembered, about 2 MB; at the bound the one that failed longest ago is forgotten. */
const MAX_ADDRESSES = 10_000;

interface Count {
  failures: number;
  since: number;
}

/** An IPv6 customer has a whole /64. */
function neighbourhood(address: string): string {
  // A socket that listens on both families shows an IPv4 peer so; they are no neighbours of each other.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = ''] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  return `${[...groups, '0', '0', '0', '0'].slice(0, 4).join(':')}::/64`;
}

/** What a failure led to: the moment of a lock-out is told once. */
export type FailureEffect = 'counted' | 'address-locked' | 'all-locked';

export class AttemptLimiter {
  readonly #clock: Clock;
  readonly #addresses = new Map<string, Count>();
  #all: Count = { failures: 0, since: 0 };

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /** Throws `rate-limited` while the address, or everybody, is locked out. */
  assertOpen(address: string): void {
    if (this.#fresh(this.#all).failures >= FAILURES_IN_ALL) throw locked('enrolment is closed to everybody');
    const count = this.#addresses.get(neighbourhood(address));
    if (count !== undefined && this.#fresh(count).failures >= FAILURES_PER_ADDRESS)
      throw locked('enrolment is closed to this address');
  }

  failed(address: string): FailureEffect {
    const key = neighbourhood(address);
    const count = { ...this.#fresh(this.#addresses.get(key)) };
    count.failures += 1;
    this.#addresses.delete(key);
    this.#addresses.set(key, count);
    if (this.#addresses.size > MAX_ADDRESSES) this.#forgetOldest();
    this.#all = { ...this.#fresh(this.#all) };
    this.#all.failures += 1;
    if (this.#all.failures === FAILURES_IN_ALL) return 'all-locked';
    return count.failures === FAILURES_PER_ADDRESS ? 'address-locked' : 'counted';
  }

  get size(): number {
    return this.#addresses.size;
  }

  #fresh(count: Count | undefined): Count {
    const now = this.#clock.monotonic();
    return count === undefined || now - count.since >= WINDOW_MS ? { failures: 0, since: now } : count;
  }

  #forgetOldest(): void {
    const oldest = this.#addresses.keys().next().value;
    if (oldest !== undefined) this.#addresses.delete(oldest);
  }
}

const locked = (what: string) =>
  new AppError('rate-limited', `${what} for ${WINDOW_MS / 60_000} minutes: too many failed attempts`);
