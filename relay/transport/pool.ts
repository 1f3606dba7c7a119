// One checked session per device, shared by polls and commands, opened once however many ask, closed when idle.
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { checkIdentity, type IdentityDeps } from './identity-check.ts';
import { PooledSession } from './pooled-session.ts';
import type { Session, SessionAsk, SessionPool, Transport } from './transport.ts';
import type { WayKeeper } from './way-keeper.ts';

interface Opening {
  outcome: Promise<Outcome<PooledSession>>;
  abandon: AbortController;
  state: 'underway' | 'done';
  waiting: number;
}

/** Which asks a session of the slot serves: of a login for both there is one session, else one for polls and one for orders. */
type Serves = Purpose | 'both';

interface Slot {
  device: RosterEntry['device'];
  serves: Serves;
  /** What the session was opened for: when the roster says otherwise, it is opened anew. */
  key: string;
  opening: Opening | undefined;
  session: PooledSession | undefined;
}

export interface PoolDeps extends IdentityDeps {
  clock: Clock;
  transports: readonly Transport[];
  /** Absent: nothing holds a device to the way it was reached by. */
  ways?: Pick<WayKeeper, 'reached'>;
  /** Each new session that showed the pinned identity. */
  onSession?: (entry: RosterEntry, session: Session) => void;
  /** Default 15 min: longer than the usual poll interval, short enough that a roster entry polled hourly holds no connection. */
  idleMs?: number;
}

// Looked at every minute: eviction may be late by that much and costs nothing.
const SWEEP_EVERY_MS = 60_000;

const MONITOR: SessionAsk = { purpose: 'monitor' };

type Connect = (abandon: AbortSignal) => Promise<Outcome<Session>>;

// 1 min: an order's own login is kept no longer than the next target of the same order may need it.
const ACT_IDLE_MS = 60_000;

const keyOf = ({ transport, address, port, credential, spn, realm, share }: RosterEntry, stamp: string) =>
  JSON.stringify([transport, address, port, credential, spn, realm, share, stamp]);

const slotName = (device: RosterEntry['device'], serves: Serves) => `${device} ${serves}`;

export class DeviceSessions implements SessionPool {
  readonly #deps: PoolDeps;
  readonly #transports: ReadonlyMap<string, Transport>;
  readonly #slots = new Map<string, Slot>();
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

  async session(entry: RosterEntry, signal: AbortSignal, ask: SessionAsk = MONITOR): Promise<Outcome<Session>> {
    if (this.#stopping.signal.aborted || signal.aborted) return fail('cancelled', `${entry.name}: stopped by us`);
    const transport = this.#transports.get(entry.transport);
    if (transport === undefined) return fail('unsupported', `${entry.name}: no transport ${entry.transport} here`);
    const login = transport.login(entry, ask.purpose);
    if (!login.ok) {
      // What may not log in any more keeps no session either.
      this.#close(entry.device, ask.purpose);
      this.#close(entry.device, 'both');
      return login;
    }
    const serves = login.value.serves.length > 1 ? 'both' : ask.purpose;
    const slot = this.#slotFor(entry, serves, login.value.stamp);
    if (slot.session?.isOpen === true) {
      slot.session.touch();
      return succeed(slot.session);
    }
    slot.session = undefined;
    // Everybody left it and it is still winding up: a second connection beside it would be one too many.
    if (slot.opening?.abandon.signal.aborted === true) {
      await slot.opening.outcome;
      return this.session(entry, signal, ask);
    }
    slot.opening ??= this.#open(entry, slot, (abandon) => transport.open(entry, abandon, ask.purpose));
    const opened = await awaitOpening(slot.opening, entry, signal);
    const still = transport.login(entry, ask.purpose);
    // What was denied may have another login beside it, which waits for devices that were changed already. That one denied
    // as well, the first is picked again, and its pause ends this.
    if (!opened.ok) {
      const isOther = still.ok && still.value.stamp !== login.value.stamp;
      return opened.reason === 'denied' && isOther ? this.session(entry, signal, ask) : opened;
    }
    // While it opened the login may have become another, for less than before.
    return still.ok && still.value.stamp === login.value.stamp ? opened : this.session(entry, signal, ask);
  }

  drop(device: RosterEntry['device']): void {
    for (const serves of ['both', 'monitor', 'act'] as const) this.#close(device, serves);
  }

  #close(device: RosterEntry['device'], serves: Serves): void {
    const name = slotName(device, serves);
    const slot = this.#slots.get(name);
    this.#slots.delete(name);
    if (slot !== undefined) closeSlot(slot);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const openings = [...this.#slots.values()].map((slot) => slot.opening?.outcome);
    for (const { device } of [...this.#slots.values()]) this.drop(device);
    await Promise.allSettled([this.#sweeping, ...openings]);
  }

  #slotFor(entry: RosterEntry, serves: Serves, stamp: string): Slot {
    const key = keyOf(entry, stamp);
    const name = slotName(entry.device, serves);
    const known = this.#slots.get(name);
    if (known?.key === key) return known;
    if (known !== undefined) closeSlot(known);
    const slot: Slot = { device: entry.device, serves, key, opening: undefined, session: undefined };
    this.#slots.set(name, slot);
    return slot;
  }

  #open(entry: RosterEntry, slot: Slot, connect: Connect): Opening {
    const abandon = new AbortController();
    const settle = async (): Promise<Outcome<PooledSession>> => {
      try {
        const opened = this.#openChecked(entry, await connect(abandon.signal));
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

  #openChecked(entry: RosterEntry, opened: Outcome<Session>): Outcome<PooledSession> {
    if (!opened.ok) return opened;
    let isUsable = false;
    try {
      const { way } = opened.value;
      const failure =
        checkIdentity(entry, opened.value, this.#deps) ??
        (way === undefined ? undefined : this.#deps.ways?.reached(entry, way));
      isUsable = failure === undefined;
      if (isUsable) this.#deps.onSession?.(entry, opened.value);
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
      for (const { device, serves, session, opening } of [...this.#slots.values()]) {
        if (opening !== undefined) continue;
        const keptMs = serves === 'act' ? Math.min(idleMs, ACT_IDLE_MS) : idleMs;
        if (session === undefined || !session.isOpen || session.idleMs >= keptMs) this.#close(device, serves);
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
