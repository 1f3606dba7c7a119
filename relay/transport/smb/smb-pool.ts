// One connection for each server and login, shared by all who use it, opened once however many ask, closed when idle.
import { createHmac } from 'node:crypto';
import { startDeadline } from '#relay/transport/deadline.ts';
import { connectSmb } from './connect.ts';
import { SMB_PORT } from './patience.ts';
import { type SmbOutcome, smbFailure } from './smb-fault.ts';
import type { ConnectSmb, SmbConnection, SmbDeps, SmbFiles, SmbLogin, SmbTarget } from './smb-files.ts';

export interface SmbPoolDeps extends Omit<SmbDeps, 'onOffer'> {
  /** Default 5 min: longer than a queue is left alone, shorter than servers keep who says nothing (15 min). */
  idleMs?: number;
  /** Default 512; beyond it who has been idle longest makes room, and where all are in use the next is refused. */
  maxConnections?: number;
  /** For tests. */
  connect?: ConnectSmb;
}

export interface SmbUse {
  target: SmbTarget;
  login: SmbLogin;
  share: string;
  /** All of it: waiting for a connection, logging in, acting. */
  deadlineMs: number;
  onOffer?: () => void | Promise<void>;
}

interface Slot {
  key: string;
  connecting: Promise<SmbOutcome<SmbConnection>>;
  /** Once it stands. */
  connection: SmbConnection | undefined;
  trees: Map<string, Promise<SmbOutcome<SmbFiles>>>;
  users: number;
  usedAt: number;
}

const IDLE_MS = 300_000;
const MAX_CONNECTIONS = 512;
// Looked at every minute: a connection may be closed late by that much.
const SWEEP_EVERY_MS = 60_000;

export class SmbPool {
  readonly #deps: SmbPoolDeps;
  readonly #slots = new Map<string, Slot>();
  readonly #stopping = new AbortController();
  /** So that no digest of a password in our memory is one that somebody could look up. */
  readonly #secret: Uint8Array;
  #sweeping: Promise<void> | undefined;

  constructor(deps: SmbPoolDeps) {
    this.#deps = deps;
    this.#secret = deps.random(new Uint8Array(32));
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Nothing is tried twice, but for a connection that turns out to be gone before `act` was called. */
  async use<T>(
    use: SmbUse,
    act: (files: SmbFiles, signal: AbortSignal) => Promise<SmbOutcome<T>>,
    signal: AbortSignal,
  ): Promise<SmbOutcome<T>> {
    using deadline = startDeadline(this.#deps.clock, use.deadlineMs, AbortSignal.any([signal, this.#stopping.signal]));
    const ended = await this.#attempt(use, act, deadline.signal);
    if (ended.ok || ended.fault !== 'cancelled' || !deadline.isExpired) return ended;
    return smbFailure('timed-out', `${use.target.name}: not done within ${use.deadlineMs} ms`);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const slot of [...this.#slots.values()]) this.#drop(slot);
    await this.#sweeping;
  }

  async #attempt<T>(
    use: SmbUse,
    act: (files: SmbFiles, signal: AbortSignal) => Promise<SmbOutcome<T>>,
    signal: AbortSignal,
  ): Promise<SmbOutcome<T>> {
    for (let isFirst = true; ; isFirst = false) {
      const wasThere = this.#slots.get(this.#keyOf(use))?.connection !== undefined;
      const slot = this.#slot(use);
      if (slot === undefined) return smbFailure('refused', `${use.target.name}: too many connections are in use`);
      slot.users += 1;
      try {
        const files = await this.#files(slot, use, signal);
        if (files.ok) return await act(files.value, signal);
        const isStale = files.fault === 'lost' || files.fault === 'session-expired';
        if (!isFirst || !wasThere || !isStale) return files;
      } finally {
        slot.users -= 1;
        slot.usedAt = this.#deps.clock.monotonic();
        if (slot.connection?.isOpen === false) this.#drop(slot);
      }
    }
  }

  async #files(slot: Slot, use: SmbUse, signal: AbortSignal): Promise<SmbOutcome<SmbFiles>> {
    const connected = await unlessAborted(slot.connecting, use.target.name, signal);
    if (!connected.ok) return connected;
    const known = slot.trees.get(use.share);
    if (known !== undefined) return await unlessAborted(known, use.target.name, signal);
    const asked = connected.value.tree(use.share, this.#stopping.signal);
    slot.trees.set(use.share, asked);
    const tree = await unlessAborted(asked, use.target.name, signal);
    if (!tree.ok) slot.trees.delete(use.share);
    return tree;
  }

  /** The one for this server and login; made where there is none that works. */
  #slot(use: SmbUse): Slot | undefined {
    const key = this.#keyOf(use);
    const known = this.#slots.get(key);
    if (known !== undefined && known.connection?.isOpen !== false) return known;
    if (known !== undefined) this.#drop(known);
    if (!this.#makeRoom()) return undefined;
    const { connect = connectSmb, ...deps } = this.#deps;
    const offer = use.onOffer === undefined ? {} : { onOffer: use.onOffer };
    const slot: Slot = {
      key,
      connecting: connect(use.target, use.login, { ...deps, ...offer }, this.#stopping.signal),
      connection: undefined,
      trees: new Map(),
      users: 0,
      usedAt: this.#deps.clock.monotonic(),
    };
    this.#slots.set(key, slot);
    slot.connecting.then(
      (connected) => {
        if (!connected.ok) this.#drop(slot);
        else if (this.#slots.get(key) === slot) slot.connection = connected.value;
        else connected.value.close();
      },
      () => this.#drop(slot), // a fault of our own, which whoever awaits it hears
    );
    this.#sweeping ??= this.#sweep();
    return slot;
  }

  #keyOf({ target, login }: SmbUse): string {
    const secret = createHmac('sha256', this.#secret).update(login.password).digest('hex');
    return JSON.stringify([target.host, target.port ?? SMB_PORT, login.domain ?? '', login.user, secret]);
  }

  #drop(slot: Slot): void {
    if (this.#slots.get(slot.key) === slot) this.#slots.delete(slot.key);
    slot.connection?.close();
  }

  #makeRoom(): boolean {
    if (this.#slots.size < (this.#deps.maxConnections ?? MAX_CONNECTIONS)) return true;
    const idle = [...this.#slots.values()].filter(({ users }) => users === 0);
    const [oldest] = idle.sort((a, b) => a.usedAt - b.usedAt);
    if (oldest !== undefined) this.#drop(oldest);
    return oldest !== undefined;
  }

  async #sweep(): Promise<void> {
    const { clock, idleMs = IDLE_MS } = this.#deps;
    try {
      while (!this.#stopping.signal.aborted) {
        await clock.sleep(Math.min(SWEEP_EVERY_MS, idleMs), this.#stopping.signal);
        const idle = [...this.#slots.values()].filter(
          ({ users, usedAt }) => users === 0 && clock.monotonic() - usedAt >= idleMs,
        );
        for (const slot of idle) this.#drop(slot);
      }
    } catch {
      // Stopped.
    }
  }
}

/** What others wait for too goes on; who asked hears at once. */
function unlessAborted<T>(promise: Promise<SmbOutcome<T>>, name: string, signal: AbortSignal): Promise<SmbOutcome<T>> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(smbFailure('cancelled', `${name}: stopped by us`));
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
