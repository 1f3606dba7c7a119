// When a connection counts as dead, and when a tab counts as asleep.

/** The console says something every 15 s. A connection this silent may be dead without a sign: a new one costs little. */
const SILENCE_MS = 40_000;
/** Who looks elsewhere for a moment comes back to a page that is up to date. */
const HIDDEN_MS = 30_000;

/** Aborts after a silence; every sign of life puts that off. */
export class Pulse {
  readonly #controller = new AbortController();
  readonly signal: AbortSignal = this.#controller.signal;
  #beatAt = performance.now();
  #timer = this.#start(SILENCE_MS);

  /** Four times a second on a busy fleet: it notes the time, and the timer looks whether it was put off. */
  beat(): void {
    this.#beatAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      const leftMs = this.#beatAt + SILENCE_MS - performance.now();
      if (leftMs > 0) this.#timer = this.#start(leftMs);
      else this.#controller.abort();
    }, ms);
  }
}

/** Aborts once the tab has been hidden for a while, or with `outer`. */
export function whileAwake(outer: AbortSignal): AbortSignal {
  const asleep = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => asleep.abort(), HIDDEN_MS);
  };
  const signal = AbortSignal.any([outer, asleep.signal]);
  document.addEventListener('visibilitychange', look);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  });
  return signal;
}

/** Resolves when the tab is seen, at once when it is; or with the signal. */
export async function untilVisible(signal: AbortSignal): Promise<void> {
  if (!document.hidden || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      document.removeEventListener('visibilitychange', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    document.addEventListener('visibilitychange', done);
    signal.addEventListener('abort', done);
  });
}
