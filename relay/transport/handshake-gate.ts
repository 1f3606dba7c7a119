// Keeps a site's relay from storming its devices: so many connections being made, so many handshakes being computed, at a time.
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { fail, type Outcome } from '#shared/base/outcome.ts';
import { startDeadline } from './deadline.ts';
import { PermitGate, type Release } from './permit-gate.ts';

// 64 connections being made: dead addresses hold a place for seconds, so there are more of these than of handshakes.
const CONNECTING = 64;
// 16 handshakes: each is some 5 ms of computing here, and a firewall sees no flood.
const SHAKING = 16;
// 2,000 is a full roster; more waiting means something else is wrong.
const MAX_WAITING = 2_000;
// 60 s: a full roster's handshakes after a restart, twice over.
const MAX_WAIT_MS = 60_000;
// Up to 100 ms: spreads those that begin together after an outage.
const JITTER_MS = 100;

export class HandshakeGate {
  readonly #clock: Clock;
  readonly #random: RandomBytes;
  readonly #connecting = new PermitGate({ name: 'connections being made', limit: CONNECTING, maxWaiting: MAX_WAITING });
  readonly #shaking = new PermitGate({ name: 'handshakes', limit: SHAKING, maxWaiting: MAX_WAITING });

  constructor(deps: { clock: Clock; random: RandomBytes }) {
    this.#clock = deps.clock;
    this.#random = deps.random;
  }

  /** A place for making a connection, from the first packet to the server's first words. */
  async connect(name: string, signal: AbortSignal): Promise<Outcome<Release>> {
    const isCrowded = this.#connecting.waiting > 0;
    const entered = await this.#enter(this.#connecting, name, signal);
    if (entered.ok && isCrowded) await this.#jitter(signal);
    return entered;
  }

  /** A place for a handshake, from the key exchange to the end of the login. */
  handshake(name: string, signal: AbortSignal): Promise<Outcome<Release>> {
    return this.#enter(this.#shaking, name, signal);
  }

  async #enter(gate: PermitGate, name: string, signal: AbortSignal): Promise<Outcome<Release>> {
    using deadline = startDeadline(this.#clock, MAX_WAIT_MS, signal);
    return await gate.enter(deadline.signal, () =>
      deadline.isExpired
        ? fail('timed-out', `${name}: too many connections are being made at once`)
        : fail('cancelled', `${name}: stopped by us`),
    );
  }

  async #jitter(signal: AbortSignal): Promise<void> {
    const [chance = 0] = this.#random(new Uint8Array(1));
    try {
      await this.#clock.sleep((chance / 256) * JITTER_MS, signal);
    } catch {
      // The caller stopped; its next step sees that.
    }
  }
}
