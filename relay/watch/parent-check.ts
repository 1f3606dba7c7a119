// Asks, when a device fails, whether what it hangs on still answers: its own outage, or one of many that a switch or a host takes along.
import type { DeviceId } from '#shared/base/id.ts';

/** A switch of 50 devices is asked once, not fifty times. */
const ASK_EVERY_MS = 10_000;
/** A chain of more is a mistake or a circle. */
const MAX_HOPS = 8;

export type ParentVerdict =
  /** It hangs on nothing that this relay watches, or that answers. */
  { is: 'own' } | { is: 'child'; of: DeviceId } | { is: 'pending'; on: DeviceId };

export interface ParentCheckDeps {
  monotonic: () => number;
  parentOf: (device: DeviceId) => DeviceId | undefined;
  /** In the roster. */
  isHere: (device: DeviceId) => boolean;
  /** Found to be down, and a finding says so or is about to. */
  isOut: (device: DeviceId) => boolean;
  /** Down by its state, whatever is said of it. */
  isDown: (device: DeviceId) => boolean;
  pollNow: (device: DeviceId) => void;
}

export class ParentCheck {
  readonly #deps: ParentCheckDeps;
  /** First failure in a row. */
  readonly #failedAt = new Map<DeviceId, number>();
  readonly #answeredAt = new Map<DeviceId, number>();
  readonly #askedAt = new Map<DeviceId, number>();

  constructor(deps: ParentCheckDeps) {
    this.#deps = deps;
  }

  /** The next one up that this relay watches; what lies between is passed over. In a circle nothing hangs on anything: all would be silent. */
  nearest(device: DeviceId): DeviceId | undefined {
    const { parentOf, isHere } = this.#deps;
    let found: DeviceId | undefined;
    let at = parentOf(device);
    for (let hops = 0; at !== undefined && hops < MAX_HOPS; hops += 1) {
      if (at === device) return undefined;
      if (found === undefined && isHere(at)) found = at;
      at = parentOf(at);
    }
    return found;
  }

  /** Each outcome of a device passes here, before anybody judges it: its parent's verdict may then be there in time. */
  observe(device: DeviceId, isOk: boolean): void {
    const now = this.#deps.monotonic();
    if (isOk) {
      this.#answeredAt.set(device, now);
      this.#failedAt.delete(device);
      return;
    }
    if (!this.#failedAt.has(device)) this.#failedAt.set(device, now);
    const parent = this.nearest(device);
    if (parent !== undefined) this.#ask(parent);
  }

  verdict(device: DeviceId): ParentVerdict {
    const { isOut, isDown } = this.#deps;
    const parent = this.nearest(device);
    if (parent === undefined) return { is: 'own' };
    if (isOut(parent)) return { is: 'child', of: parent };
    const answered = this.#answeredAt.get(parent) ?? Number.NEGATIVE_INFINITY;
    // Down and no finding of it: nobody would hear of its children.
    if (isDown(parent) || answered >= (this.#failedAt.get(device) ?? 0)) return { is: 'own' };
    this.#ask(parent);
    return { is: 'pending', on: parent };
  }

  /** Polled again, whoever failed before: what hung on something that is back is asked anew. */
  ask(device: DeviceId): void {
    this.#deps.pollNow(device);
  }

  forget(device: DeviceId): void {
    this.#failedAt.delete(device);
    this.#answeredAt.delete(device);
    this.#askedAt.delete(device);
  }

  #ask(parent: DeviceId): void {
    const now = this.#deps.monotonic();
    if (now - (this.#askedAt.get(parent) ?? Number.NEGATIVE_INFINITY) < ASK_EVERY_MS) return;
    this.#askedAt.set(parent, now);
    this.#deps.pollNow(parent);
  }
}
