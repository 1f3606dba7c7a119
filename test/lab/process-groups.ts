// The scripts that run on a simulated machine, each a process group of its own that a kill can end.

export interface ProcessGroup {
  readonly id: number;
  readonly signal: AbortSignal;
  kill(name: string): void;
}

/** The reason of a group's abort: the signal that ended it. */
export class Killed extends Error {
  readonly signal: string;

  constructor(signal: string) {
    super(`killed by ${signal}`);
    this.signal = signal;
  }
}

export class ProcessGroups {
  readonly #groups = new Map<number, AbortController>();
  /** Above the numbers of system processes, as on a machine that has been up for a while. */
  #nextId = 2_000;

  start(): ProcessGroup {
    const control = new AbortController();
    this.#nextId += 3;
    const id = this.#nextId;
    this.#groups.set(id, control);
    return { id, signal: control.signal, kill: (name) => this.kill(id, name) };
  }

  end(id: number): void {
    this.#groups.delete(id);
  }

  isRunning(id: number): boolean {
    return this.#groups.has(id);
  }

  /** Does nothing to a group that is not there. */
  kill(id: number, name: string): void {
    this.#groups.get(id)?.abort(new Killed(name));
    this.#groups.delete(id);
  }

  get size(): number {
    return this.#groups.size;
  }
}
