// One checked session per device, shared by polls and commands, opened once however many ask, closed when idle.
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { checkIdentity, type IdentityDeps } from './identity-check.ts';
import { PooledSession } from './pooled-session.ts';
import type { Session, SessionPool, Transport } from './transport.ts';

interface Opening {
  outcome: Promise<Outcome<PooledSession>>;
  abandon: AbortController;
  state: 'underway' | 'done';
  waiting: number;
}

interface Slot {
  /** What the session was opened for: when the roster says otherwise, it is opened anew. */
  key: string;
  opening: Opening | undefined;
  session: PooledSession | undefined;
}

export interface PoolDeps extends IdentityDeps {
  clock: Clock;
  transports: readonly Transport[];
  /** Default 15 min: longer than the usual poll interval, short enough that a roster entry polled hourly holds no connection. */
  idleMs?: number;
}

// Looked at every minute: eviction may be late by that much and costs nothing.
const SWEEP_EVERY_MS = 60_000;

const keyOf = ({ transport, address, port, credential }: RosterEntry) =>
  JSON.stringify([transport, address, port, credential]);

export class DeviceSessions implements SessionPool {
  readonly #deps: PoolDeps;
  readonly #transports: ReadonlyMap<string, Transport>;
  readonly #slots = new Map<RosterEntry['device'], Slot>();
  readonly #stopping = new AbortController();
  readonly #sweeping: Promise<void>;

  constructor(deps: PoolDeps) {
    this.#deps = deps;
    this.#transports = new Map(deps.transports.map((transport) => [transport.kind, transport]));
    this.#sweeping = this.#sweep();
  }

  get size(): number {
    return [...this.#slots.values()].filter((slot) => slot.session?.isOpen === true).length;
  }

  async session(entry: RosterEntry, signal: AbortSignal): Promise<Outcome<Session>> {
    if (this.#stopping.signal.aborted || signal.aborted) return fail('cancelled', `${entry.name}: stopped by us`);
    const slot = this.#slotFor(entry);
    if (slot.session?.isOpen === true) {
      slot.session.touch();
      return succeed(slot.session);
    }
    slot.session = undefined;
    // Everybody left it and it is still winding up: a second connection beside it would be one too many.
    if (slot.opening?.abandon.signal.aborted === true) {
      await slot.opening.outcome;
      return this.session(entry, signal);
    }
    slot.opening ??= this.#open(entry, slot);
    return awaitOpening(slot.opening, entry, signal);
  }

  drop(device: RosterEntry['device']): void {
    const slot = this.#slots.get(device);
    this.#slots.delete(device);
    if (slot !== undefined) closeSlot(slot);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const openings = [...this.#slots.values()].map((slot) => slot.opening?.outcome);
    for (const device of [...this.#slots.keys()]) this.drop(device);
    await Promise.allSettled([this.#sweeping, ...openings]);
  }

  #slotFor(entry: RosterEntry): Slot {
    const key = keyOf(entry);
    const known = this.#slots.get(entry.device);
    if (known?.key === key) return known;
    if (known !== undefined) closeSlot(known);
    const slot: Slot = { key, opening: undefined, session: undefined };
    this.#slots.set(entry.device, slot);
    return slot;
  }

  #open(entry: RosterEntry, slot: Slot): Opening {
    const abandon = new AbortController();
    const settle = async (): Promise<Outcome<PooledSession>> => {
      try {
        const opened = await this.#openChecked(entry, abandon.signal);
        if (!opened.ok) return opened;
        if (!abandon.signal.aborted) {
          slot.session = opened.value;
          return opened;
        }
        opened.value.close();
        return fail('cancelled', `${entry.name}: stopped by us`);
      } finally {
        slot.opening = undefined;
        opening.state = 'done';
      }
    };
    const opening: Opening = { outcome: Promise.resolve().then(settle), abandon, state: 'underway', waiting: 0 };
    return opening;
  }

  async #openChecked(entry: RosterEntry, signal: AbortSignal): Promise<Outcome<PooledSession>> {
    const transport = this.#transports.get(entry.transport);
    if (transport === undefined) return fail('unsupported', `${entry.name}: no transport ${entry.transport} here`);
    const opened = await transport.open(entry, signal);
    if (!opened.ok) return opened;
    let isUsable = false;
    try {
      const failure = checkIdentity(entry, opened.value, this.#deps);
      isUsable = failure === undefined;
      return failure ?? succeed(new PooledSession(opened.value, this.#deps.clock));
    } finally {
      if (!isUsable) opened.value.close();
    }
  }

  async #sweep(): Promise<void> {
    const idleMs = this.#deps.idleMs ?? 15 * 60_000;
    for (;;) {
      try {
        await this.#deps.clock.sleep(SWEEP_EVERY_MS, this.#stopping.signal);
      } catch {
        return; // stopping
      }
      for (const [device, { session, opening }] of this.#slots) {
        if (opening !== undefined) continue;
        if (session === undefined || !session.isOpen || session.idleMs >= idleMs) this.drop(device);
      }
    }
  }
}

function closeSlot(slot: Slot): void {
  slot.opening?.abandon.abort();
  slot.session?.close();
}

/** Joins the others who wait for this opening; it is abandoned when nobody waits any more. */
async function awaitOpening(opening: Opening, entry: RosterEntry, signal: AbortSignal): Promise<Outcome<Session>> {
  opening.waiting += 1;
  let stopWaiting: () => void = () => undefined;
  const gaveUp = new Promise<Outcome<Session>>((resolve) => {
    stopWaiting = () => resolve(fail('cancelled', `${entry.name}: stopped by us`));
  });
  signal.addEventListener('abort', stopWaiting, { once: true });
  try {
    return await Promise.race([opening.outcome, gaveUp]);
  } catch (error) {
    throw new AppError('internal', `${entry.name}: opening a session broke`, { cause: error });
  } finally {
    signal.removeEventListener('abort', stopWaiting);
    opening.waiting -= 1;
    if (opening.waiting === 0 && opening.state === 'underway') opening.abandon.abort();
  }
}
