// What arrives on a stream, piece by piece to its one reader; who pushes waits until a piece was taken.

interface Given {
  bytes: Uint8Array;
  taken: () => void;
}

export class ByteQueue {
  readonly incoming: AsyncIterable<Uint8Array>;
  readonly #given: Given[] = [];
  #isOver: boolean = false;
  #fault: unknown;
  #wake: () => void = () => undefined;

  constructor() {
    this.incoming = this.#read();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when whoever reads has taken it, or nobody ever will. */
  push(bytes: Uint8Array): Promise<void> {
    if (this.#isOver || bytes.length === 0) return Promise.resolve();
    return new Promise((taken) => {
      this.#given.push({ bytes, taken });
      this.#wake();
    });
  }

  /** The reader ends, or throws `fault`; what it had not taken is dropped. */
  end(fault?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#fault = fault;
    for (const { taken } of this.#given.splice(0)) taken();
    this.#wake();
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    while (!this.#isOver) {
      const next = this.#given.shift();
      if (next === undefined)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      else {
        // Also when the reader goes no further.
        try {
          yield next.bytes;
        } finally {
          next.taken();
        }
      }
    }
    if (this.#fault !== undefined) throw this.#fault;
  }
}
