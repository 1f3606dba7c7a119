// The signed watch document this relay goes by, on disk: the newest that signers of its charter signed for its site.
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { SignedWatch, type WatchDocument } from '#shared/model/watch-policy.ts';
import { readWatch, verifyWatch, type WatchPlace } from '#shared/seal/watch-seal.ts';

interface HeldWatch {
  document: WatchDocument;
  signed: SignedWatch;
}

const fileOf = (data: string) => path.join(data, 'identity', 'watch.json');

export class WatchStore {
  readonly #data: string;
  #held: HeldWatch | undefined;

  private constructor(data: string, held: HeldWatch | undefined) {
    this.#data = data;
    this.#held = held;
  }

  /** A file that cannot be read stops the start: an older document could be put in its place, and nobody could say so. */
  static open(data: string): WatchStore {
    const text = readPrivateFile(fileOf(data));
    if (text === undefined) return new WatchStore(data, undefined);
    try {
      const signed = SignedWatch.parse(JSON.parse(text));
      return new WatchStore(data, { signed, document: readWatch(signed) });
    } catch (cause) {
      throw new AppError('config-invalid', `${fileOf(data)}: not a stored watch document`, { cause });
    }
  }

  /** Undefined where nobody has signed anything: what is shipped applies. */
  get document(): WatchDocument | undefined {
    return this.#held?.document;
  }

  /**
   * Takes a proven document of a higher version; durable before it returns. Undefined when it is the one that is held.
   * It stays in force under newer charters, until a newer one takes its place: a site must not lose its checks with a signer.
   */
  async accept(signed: SignedWatch, place: Omit<WatchPlace, 'held'>): Promise<WatchDocument | undefined> {
    const held = this.#held;
    // The same words under other signatures say nothing new.
    if (held?.signed.text === signed.text) return undefined;
    const document = await verifyWatch(signed, { ...place, held: held?.document.version });
    // Another one came in while this one was verified: it is measured against that.
    if (this.#held !== held) return this.accept(signed, place);
    writePrivateFile(fileOf(this.#data), `${JSON.stringify(signed)}\n`);
    this.#held = { document, signed };
    return document;
  }
}
