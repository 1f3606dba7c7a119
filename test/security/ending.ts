// What a command opened, closed in the opposite order when it is over.
import type { OnEnd } from '#test/fixtures/console-kit.ts';

export class Ending {
  readonly #ends: Array<Parameters<OnEnd>[0]> = [];

  readonly add: OnEnd = (end) => void this.#ends.push(end);

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
  }
}
