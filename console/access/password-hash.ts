// argon2id with a bound: at most two hashes at once, a short queue, a deadline. Unknown people cost what known ones cost.
import { hash, verify } from '@node-rs/argon2';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';

/** The package's number for argon2id: its names are types alone. */
const ARGON2ID = 2;
// 64 MiB and three passes: some 50 to 200 ms of a core, above what OWASP asks for.
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
/** 128 MiB of memory at most, and no more than two threads of libuv's four are taken from files and names. */
const AT_ONCE = 2;
/** Some seconds of work on a slow machine: who comes later is told to come again. */
const WAITING = 32;
const DEADLINE_MS = 10_000;

type Job = () => void;

export class PasswordHasher {
  readonly #clock: Clock;
  readonly #waiting: Job[] = [];
  #running = 0;
  #computed = 0;
  #dummy: Promise<string> | undefined;

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** How many hashes were computed since the start. */
  get computed(): number {
    return this.#computed;
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(normal(password), PARAMETERS));
  }

  /** Without a stored hash it compares with one that nothing fits: the answer is no, and takes as long. */
  async isRight(stored: string | undefined, password: string): Promise<boolean> {
    this.#dummy ??= this.hash('no password has this hash').catch((error: unknown) => {
      this.#dummy = undefined;
      throw error;
    });
    const dummy = await this.#dummy;
    const fits = await this.#inTurn(() => verify(stored ?? dummy, normal(password)));
    return fits && stored !== undefined;
  }

  /** Throws `unavailable` when too many wait, or it waited too long. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) await this.#wait();
    else this.#running += 1;
    try {
      this.#computed += 1;
      return await work();
    } finally {
      // The place goes to who waits longest, without a moment in which a third could take it.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= WAITING) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const job = () => {
        over.abort();
        resolve();
      };
      this.#waiting.push(job);
      this.#clock.sleep(DEADLINE_MS, over.signal).then(
        () => {
          const at = this.#waiting.indexOf(job);
          if (at < 0) return;
          this.#waiting.splice(at, 1);
          reject(busy());
        },
        () => undefined, // it had its turn
      );
    });
  }
}

const busy = () => new AppError('unavailable', 'too many people sign in at this moment: try again in a few seconds');

/** One password typed on two keyboards may differ in how letters with marks are written; argon2 sees one form. */
const normal = (password: string): string => password.normalize('NFC');
