// The programs of one `rmm up`: none begins once the stop began, and each that began is stopped, however far the start came.
import { AppError } from '#shared/base/errors.ts';
import { Child, type ChildOptions } from './child.ts';

export class Children {
  /** Those that should live as long as we do. */
  readonly #lasting: Child[] = [];
  readonly #all = new Set<Child>();
  #isStopping = false;

  start(options: ChildOptions): Child {
    const child = this.#begin(options);
    this.#lasting.push(child);
    return child;
  }

  /** A program that does one thing and ends; throws unless it ended well. */
  async run(options: ChildOptions): Promise<void> {
    const child = this.#begin(options);
    try {
      await child.finished();
    } finally {
      this.#all.delete(child);
    }
  }

  /** Throws when one that should live ends by itself. */
  async firstDeath(): Promise<never> {
    const ends = this.#lasting.map(async (child) => [child.name, await child.exited()] as const);
    const [name, end] = await Promise.race(ends);
    throw new AppError('unavailable', `${name} ended by itself (${end}); its log is in the data folder`);
  }

  /** All at once, so that the slowest decides. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#all].map((child) => child.stop()));
  }

  #begin(options: ChildOptions): Child {
    if (this.#isStopping) throw new AppError('unavailable', `${options.name}: not started, everything stops`);
    const child = new Child(options);
    this.#all.add(child);
    return child;
  }
}
