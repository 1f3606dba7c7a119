// Guesses at passwords over HTTP: from many addresses, at known and unknown names, as fast as the console answers.
import { Agent, request } from 'node:http';
import type { Estate } from '#test/e2e/composed-site.ts';

export interface Guess {
  name: string;
  password: string;
  code: string;
}

export interface Told {
  status: number;
  /** Every header but the date, in the order in which they came, and the body. */
  bytes: string;
  ms: number;
}

/** A guesser with so many addresses of loopback; connections are kept. */
export class Guesser {
  readonly #port: number;
  readonly #agents: Agent[];

  constructor({ url }: Pick<Estate, 'url'>, addresses: number, first = 2) {
    this.#port = Number(new URL(url).port);
    this.#agents = Array.from(
      { length: addresses },
      (_none, n) => new Agent({ keepAlive: true, maxSockets: 2, localAddress: `127.0.${first}.${n + 1}` }),
    );
  }

  get addresses(): number {
    return this.#agents.length;
  }

  async ask(guess: Guess, from: number): Promise<Told> {
    // The console closes what is idle for some seconds, at times in the moment in which it is used again.
    return await this.#send(guess, from).catch(() => this.#send(guess, from));
  }

  #send(guess: Guess, from: number): Promise<Told> {
    const body = JSON.stringify(guess);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const agent = this.#agents[from % this.#agents.length];
    const at = { host: '127.0.0.1', port: this.#port, path: '/api/session/password', method: 'POST', headers };
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request({ ...at, ...(agent === undefined ? {} : { agent }) }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const pairs = answer.rawHeaders.flatMap((name, at) =>
            at % 2 === 0 ? [[name, answer.rawHeaders[at + 1]]] : [],
          );
          const said = pairs.filter(([name]) => name?.toLowerCase() !== 'date');
          const bytes = JSON.stringify([said, Buffer.concat(parts).toString('utf8')]);
          resolve({ status: answer.statusCode ?? 0, bytes, ms: performance.now() - began });
        });
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  stop(): void {
    for (const agent of this.#agents) agent.destroy();
  }
}

/** How often a time of `some` is longer than one of `others`: 0.5 when nobody can tell them apart. */
export function longerShare(some: readonly number[], others: readonly number[]): number {
  let longer = 0;
  for (const one of some) for (const other of others) longer += one > other ? 1 : one === other ? 0.5 : 0;
  return longer / (some.length * others.length);
}
