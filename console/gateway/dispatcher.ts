// Brings queued actions to their relays: sent when connected, sent again after a reconnect until the relay took them.
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { ManifestId, RelayId } from '#shared/base/id.ts';
import type { SignedManifest } from '#shared/model/manifest.ts';
import type { Command } from '#shared/protocol/downstream.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { LinkRegistry } from './link-registry.ts';
import { neededProtocol } from './needed-protocol.ts';

/** Actions of one relay in one go: each may be a megabyte; the next wake-up brings the rest. */
const AT_ONCE = 16;
/** Actions whose time ran out are looked for this often; a manifest's own end is checked by the relay. */
const EXPIRE_EVERY_MS = 5_000;

/** What the actions room answers. */
export interface DispatchQueue {
  /** What the relay has not answered for, oldest first, marked as sent before it is; what was sent before is among them. */
  due(relay: RelayId, limit: number, after?: ManifestId): Promise<Array<{ id: ManifestId; signed: SignedManifest }>>;
  /** Actions a person cancelled that the relay has not settled. */
  cancelled(relay: RelayId): Promise<ManifestId[]>;
  /** Ends what this relay cannot be given. */
  refuse(relay: RelayId, id: ManifestId, detail: string): Promise<void>;
  /** Ends some of what no relay took in time; returns how many. */
  expire(now: number): Promise<number>;
}

export class Dispatcher {
  readonly #queue: DispatchQueue;
  readonly #registry: LinkRegistry;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** What went over the present link of a relay: a wake-up does not send it again, a reconnect does. */
  readonly #sent = new Map<RelayId, { link: object; ids: Set<string> }>();
  /** One dispatch per relay at a time; a wake-up in between asks for another round. */
  readonly #busy = new Map<RelayId, { again: boolean }>();

  /** Where the database failed: asked again with the next look at expired actions, not with the next order. */
  readonly #failed = new Set<RelayId>();

  constructor(deps: { queue: DispatchQueue; registry: LinkRegistry; clock: Clock; log: Logger }) {
    this.#queue = deps.queue;
    this.#registry = deps.registry;
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  /** The relay connected, or an action for it was queued or cancelled. */
  wake(relay: RelayId): void {
    const busy = this.#busy.get(relay);
    if (busy !== undefined) {
      busy.again = true;
      return;
    }
    const first = { again: false };
    this.#busy.set(relay, first);
    this.#rounds(relay, first).catch((error: unknown) => {
      this.#failed.add(relay);
      this.#log.error({ relay, ...describeError(error) }, 'actions could not be dispatched');
    });
  }

  /** The link ended. */
  forget(relay: RelayId): void {
    this.#sent.delete(relay);
  }

  /** Ends actions whose time ran out, and dispatches again where that failed, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(EXPIRE_EVERY_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (signal.aborted) return;
      const failed = [...this.#failed];
      this.#failed.clear();
      for (const relay of failed) this.wake(relay);
      try {
        while ((await this.#queue.expire(this.#clock.now())) > 0) if (signal.aborted) return;
      } catch (error) {
        this.#log.error(describeError(error), 'expired actions could not be ended');
      }
    }
  }

  async #rounds(relay: RelayId, busy: { again: boolean }): Promise<void> {
    try {
      do {
        busy.again = false;
        await this.#round(relay);
      } while (busy.again);
    } finally {
      // In the same turn as the question above, so that no wake-up falls between the two.
      this.#busy.delete(relay);
    }
  }

  async #round(relay: RelayId): Promise<void> {
    const link = this.#registry.get(relay);
    if (link === undefined) return;
    await link.introduced();
    const former = this.#sent.get(relay);
    const before = former?.link === link ? former.ids : new Set<string>();
    // Only what is still due is remembered: an answered action is never due again.
    const ids = new Set<string>();
    this.#sent.set(relay, { link, ids });
    const send = (what: string, command: Command) => {
      ids.add(what);
      return before.has(what) || link.send('COMMAND', command);
    };
    let after: ManifestId | undefined;
    for (;;) {
      const due = await this.#queue.due(relay, AT_ONCE, after);
      for (const { id, signed } of due) {
        const needed = neededProtocol(signed);
        const proto = link.stats.proto ?? needed;
        if (proto < needed) {
          const why = `its relay speaks protocol ${proto}, this order needs ${needed}: update the relay`;
          await this.#queue.refuse(relay, id, why);
        } else if (!send(`run ${id}`, { kind: 'run', signed })) return;
      }
      after = due.at(-1)?.id;
      if (due.length < AT_ONCE) break;
    }
    for (const manifest of await this.#queue.cancelled(relay))
      if (!send(`cancel ${manifest}`, { kind: 'cancel', manifest })) return;
  }
}
