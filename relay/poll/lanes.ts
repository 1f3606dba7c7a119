// How many polls run at once: a fast lane for devices that answer, a slow lane for those that did not, so that the dead delay nobody.

export type LaneName = 'fast' | 'slow';

export interface Place {
  /** Gives a fast place to the next device while this one goes on; the slow lane may then hold more than its bound for a while. */
  moveToSlow(): void;
  leave(): void;
}

export class Lanes {
  readonly #bounds: Readonly<Record<LaneName, number>>;
  readonly #inside: Record<LaneName, number> = { fast: 0, slow: 0 };

  constructor(bounds: Readonly<Record<LaneName, number>>) {
    this.#bounds = bounds;
  }

  inside(lane: LaneName): number {
    return this.#inside[lane];
  }

  /** A place, or undefined when the lane is full. */
  enter(lane: LaneName): Place | undefined {
    if (this.#inside[lane] >= this.#bounds[lane]) return undefined;
    let at: LaneName | undefined = lane;
    this.#inside[lane] += 1;
    const move = (to: LaneName | undefined) => {
      if (at === undefined || at === to) return;
      this.#inside[at] -= 1;
      if (to !== undefined) this.#inside[to] += 1;
      at = to;
    };
    return { moveToSlow: () => move('slow'), leave: () => move(undefined) };
  }
}
