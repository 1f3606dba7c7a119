// Credits (MS-SMB2 3.2.4.1.2, 3.2.4.1.5): the server says how much may be under way; who finds none waits in turn.
import { SmbError } from './smb-fault.ts';

/** What one credit pays for (MS-SMB2 3.1.5.2). */
export const CREDIT_BYTES = 65_536;

// 512 x 64 KiB = 32 MiB: four times what a transfer keeps under way; Windows gives that much, Samba up to 8,192.
const WANTED = 512;
// 1,024 waiting: a pool lends a connection to fewer users than that; more means something runs away.
const MAX_WAITING = 1_024;

interface Waiter {
  charge: number;
  resolve: (messageId: number) => void;
  reject: (error: SmbError) => void;
}

const starved = () => new SmbError('malformed', 'the server lets us say nothing more');

export const chargeFor = (bytes: number): number => Math.max(1, Math.ceil(bytes / CREDIT_BYTES));

export class Credits {
  #free = 1;
  #spent = 0;
  #nextMessageId = 0;
  #failure: SmbError | undefined;
  readonly #waiting: Waiter[] = [];

  /** All that we were ever given and that may come back: a request of more would wait for ever. */
  get total(): number {
    return this.#free + this.#spent;
  }

  /** How many to ask for beside what this request gives back. */
  get wanted(): number {
    return Math.max(1, WANTED - this.#free);
  }

  /** The message id, at once where credits are free. */
  take(charge: number, signal: AbortSignal): number | Promise<number> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#waiting.length === 0 && this.#free >= charge) return this.#spend(charge);
    if (this.#spent === 0) throw starved();
    if (this.#waiting.length >= MAX_WAITING) throw new SmbError('refused', 'too many requests wait for the server');
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new SmbError('cancelled', 'stopped by us'));
      };
      const done = () => signal.removeEventListener('abort', onAbort);
      const waiter: Waiter = {
        charge,
        resolve: (messageId) => {
          done();
          resolve(messageId);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  /** An answer came: `charge` is over when it was the last one, `granted` is what the server gives. */
  give(charge: number, granted: number): void {
    this.#spent -= charge;
    // 65,535: no server needs more, and a peer must not count us out of what a number holds.
    this.#free = Math.min(65_535, this.#free + granted);
    while (this.#waiting[0] !== undefined && this.#waiting[0].charge <= this.#free) {
      const waiter = this.#waiting.shift();
      waiter?.resolve(this.#spend(waiter.charge));
    }
    // Nothing is under way that could still bring some.
    if (this.#spent === 0) for (const waiter of this.#waiting.splice(0)) waiter.reject(starved());
  }

  fail(error: SmbError): void {
    this.#failure ??= error;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
  }

  #spend(charge: number): number {
    this.#free -= charge;
    this.#spent += charge;
    const messageId = this.#nextMessageId;
    this.#nextMessageId += charge;
    return messageId;
  }
}
