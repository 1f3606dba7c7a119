// How many requests the browsers' ports answered, how, and how long it took: counts alone, never a path, which may be a secret.

/** Upper bounds in seconds: a page's read is 10 ms, an import minutes. */
const BOUNDS = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30] as const;

export interface HttpCounts {
  /** By method and hundred of the status, such as "GET 2xx". */
  answers: ReadonlyMap<string, number>;
  /** Upper bound in seconds and how many were at most as slow; the last is Infinity. */
  atMost: Array<{ bound: number; count: number }>;
  seconds: number;
}

/** What takes longer waits for more than the processor, such as for a relay: nothing stands back for it. */
const SOON_S = 0.25;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export class HttpMeter {
  readonly #answers = new Map<string, number>();
  readonly #counts: number[] = [...BOUNDS, Number.POSITIVE_INFINITY].map(() => 0);
  #seconds = 0;
  /** When those began that wait for their answer, in seconds. */
  readonly #waiting = new Set<{ began: number }>();

  /** To be called once with how it was answered; until then somebody waits. */
  begin(method: string, began: number): (status: number, now: number) => void {
    const one = { began };
    this.#waiting.add(one);
    return (status, now) => {
      if (this.#waiting.delete(one)) this.take(method, status, now - began);
    };
  }

  /** True while a page waits that may be answered soon. */
  isWaitedFor(now: number): boolean {
    for (const { began } of this.#waiting) if (now - began < SOON_S) return true;
    return false;
  }

  /** The method is the asker's own text: an unknown one is one of "other". */
  take(method: string, status: number, seconds: number): void {
    const key = `${METHODS.has(method) ? method : 'other'} ${Math.floor(status / 100)}xx`;
    this.#answers.set(key, (this.#answers.get(key) ?? 0) + 1);
    this.#seconds += seconds;
    const place = BOUNDS.findIndex((bound) => seconds <= bound);
    const at = place < 0 ? BOUNDS.length : place;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  read(): HttpCounts {
    let count = 0;
    const atMost = [...BOUNDS, Number.POSITIVE_INFINITY].map((bound, i) => {
      count += this.#counts[i] ?? 0;
      return { bound, count };
    });
    return { answers: this.#answers, atMost, seconds: this.#seconds };
  }
}
