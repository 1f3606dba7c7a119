// Which requests end with which signal: one listener for each signal, however many requests of a transfer share it.

interface Wish {
  ids: Set<number>;
  onAbort: () => void;
}

export class StopWishes {
  readonly #bySignal = new Map<AbortSignal, Wish>();
  readonly #onStop: (id: number) => void;

  constructor(onStop: (id: number) => void) {
    this.#onStop = onStop;
  }

  begin(signal: AbortSignal, id: number): void {
    const wish = this.#bySignal.get(signal);
    if (wish !== undefined) {
      wish.ids.add(id);
      return;
    }
    const ids = new Set([id]);
    const onAbort = () => {
      this.#bySignal.delete(signal);
      for (const each of ids) this.#onStop(each);
    };
    this.#bySignal.set(signal, { ids, onAbort });
    signal.addEventListener('abort', onAbort, { once: true });
  }

  end(signal: AbortSignal, id: number): void {
    const wish = this.#bySignal.get(signal);
    if (wish === undefined || !wish.ids.delete(id) || wish.ids.size > 0) return;
    this.#bySignal.delete(signal);
    signal.removeEventListener('abort', wish.onAbort);
  }
}
