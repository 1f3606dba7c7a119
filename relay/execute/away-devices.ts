// Orders that wait for devices which do not answer: which of them, until when, and the one clock of each order that calls it up again.
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, ManifestId } from '#shared/base/id.ts';

/** 500 ms: devices that come back together, as after a power cut, are gone to together, under one proof of the order. */
const TOGETHER_MS = 500;

interface WaitingOrder {
  /** When each device is tried next, by this process's own time. */
  due: Map<DeviceId, number>;
  /** Ends the wait that is under way. */
  timer: AbortController | undefined;
}

export class AwayDevices {
  readonly #clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly #onDue: (order: ManifestId) => void;
  /** Bounded by what the charter lets this relay take in a day: each device of each order has counted there. */
  readonly #orders = new Map<ManifestId, WaitingOrder>();

  constructor(deps: { clock: Pick<Clock, 'monotonic' | 'sleep'>; onDue: (order: ManifestId) => void }) {
    this.#clock = deps.clock;
    this.#onDue = deps.onDue;
  }

  /** Devices that wait, over all orders. */
  get size(): number {
    return [...this.#orders.values()].reduce((sum, { due }) => sum + due.size, 0);
  }

  isWaiting(order: ManifestId, device: DeviceId): boolean {
    return this.#orders.get(order)?.due.has(device) === true;
  }

  wait(order: ManifestId, device: DeviceId, waitMs: number): void {
    const known = this.#orders.get(order) ?? { due: new Map<DeviceId, number>(), timer: undefined };
    this.#orders.set(order, known);
    known.due.set(device, this.#clock.monotonic() + waitMs);
    this.#arm(order, known);
  }

  /** The device answers again: all that waits for it comes soon. */
  back(device: DeviceId): void {
    const soon = this.#clock.monotonic() + TOGETHER_MS;
    for (const [order, known] of this.#orders) {
      const dueAt = known.due.get(device);
      if (dueAt === undefined || dueAt <= soon) continue;
      known.due.set(device, soon);
      this.#arm(order, known);
    }
  }

  /** Takes those that are due out of the wait; what is due in a moment comes along. */
  takeDue(order: ManifestId): DeviceId[] {
    const known = this.#orders.get(order);
    if (known === undefined) return [];
    const soon = this.#clock.monotonic() + TOGETHER_MS;
    const taken = [...known.due].filter(([, dueAt]) => dueAt <= soon).map(([device]) => device);
    for (const device of taken) known.due.delete(device);
    this.#arm(order, known);
    return taken;
  }

  forget(order: ManifestId): DeviceId[] {
    const known = this.#orders.get(order);
    known?.timer?.abort();
    this.#orders.delete(order);
    return [...(known?.due.keys() ?? [])];
  }

  /** The device is no more of this relay; the orders that waited for it. */
  forgetDevice(device: DeviceId): ManifestId[] {
    const left = [...this.#orders].filter(([, { due }]) => due.delete(device));
    for (const [order, known] of left) this.#arm(order, known);
    return left.map(([order]) => order);
  }

  /** The journal keeps them. */
  dropAll(): void {
    for (const order of [...this.#orders.keys()]) this.forget(order);
  }

  #arm(order: ManifestId, known: WaitingOrder): void {
    known.timer?.abort();
    known.timer = undefined;
    if (known.due.size === 0) return void this.#orders.delete(order);
    const timer = new AbortController();
    known.timer = timer;
    const waitMs = Math.max(0, Math.min(...known.due.values()) - this.#clock.monotonic());
    this.#clock.sleep(waitMs, timer.signal).then(
      () => this.#onDue(order),
      () => undefined, // another time, or none
    );
  }
}
