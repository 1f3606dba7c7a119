// What relays counter-signed, gathered and written together: fifty relays answer one checkpoint within a moment.
import type { Store } from '#console/store/database.ts';
import { toBase64url } from '#shared/seal/base64url.ts';
import { putCounterSignature } from './checkpoint-repository.ts';

export interface CounterSigned {
  relayId: string;
  seq: number;
  hash: string;
  at: number;
  spki: Uint8Array;
  signature: Uint8Array;
}

export class CounterSignatures {
  readonly #store: Pick<Store, 'transaction'>;
  /** One per relay: a later one says all that an earlier one did. */
  readonly #waiting = new Map<string, CounterSigned>();

  constructor(deps: { store: Pick<Store, 'transaction'> }) {
    this.#store = deps.store;
  }

  add(signed: CounterSigned): void {
    this.#waiting.set(signed.relayId, signed);
  }

  async flush(): Promise<void> {
    if (this.#waiting.size === 0) return;
    // In one order, so that two consoles never wait for each other.
    const rows = [...this.#waiting.values()].sort((a, b) => (a.relayId < b.relayId ? -1 : 1));
    this.#waiting.clear();
    try {
      await this.#write(rows);
    } catch (error) {
      // The database may be back the next time; what a relay signed meanwhile says more.
      for (const row of rows) if (!this.#waiting.has(row.relayId)) this.#waiting.set(row.relayId, row);
      throw error;
    }
  }

  async #write(rows: readonly CounterSigned[]): Promise<void> {
    await this.#store.transaction(async (tx) => {
      for (const { spki, signature, ...row } of rows)
        await putCounterSignature(tx, { ...row, spki: toBase64url(spki), signature: toBase64url(signature) });
    });
  }
}
