// An authenticated connection: lends its shares, and proves a negotiation of 3.0 with the first of them.
import type { Channel } from './channel.ts';
import type { Window } from './download.ts';
import type { Negotiated, Offer } from './negotiate.ts';
import { OpenShare } from './open-share.ts';
import { Share } from './share.ts';
import { failureOf, SmbError, type SmbOutcome } from './smb-fault.ts';
import type { SmbConnection, SmbDeps, SmbFacts, SmbFiles, SmbTarget } from './smb-files.ts';
import { connectTree, validateNegotiation } from './tree.ts';

// 1 MiB a piece: hashed, signed and sent while a core's own cache still holds it, which larger ones are not; about 1 ms of our loop.
const PIECE_BYTES = 1_048_576;
// 8 pieces, 8 MiB: the server's disk, the line and our hashing are busy at once, also on a machine that others keep busy.
const DEPTH = 8;

export interface ConnectionOptions {
  channel: Channel;
  offer: Offer;
  negotiated: Negotiated;
  target: SmbTarget;
  isEncrypted: boolean;
  deps: Pick<SmbDeps, 'random'>;
}

export class OpenConnection implements SmbConnection {
  readonly #options: ConnectionOptions;
  #isProven: boolean;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    // The keys of 3.1.1 prove it; older dialects are asked once more, under a signature.
    this.#isProven = options.negotiated.dialect === '3.1.1';
    options.channel.allow(PIECE_BYTES);
  }

  get facts(): SmbFacts {
    const { dialect, signing, cipher, isSigningRequired } = this.#options.negotiated;
    return { dialect, signing, cipher, isSigningRequired, isEncrypted: this.#options.isEncrypted };
  }

  get isOpen(): boolean {
    return this.#options.channel.failure === undefined;
  }

  async tree(name: string, signal: AbortSignal): Promise<SmbOutcome<SmbFiles>> {
    const { channel, target, negotiated, deps } = this.#options;
    try {
      const isSessionEncrypted = this.#options.isEncrypted;
      const tree = await connectTree(channel, { host: target.host, share: name, isSessionEncrypted }, signal);
      if (tree.isEncrypted && negotiated.cipher === undefined)
        throw new SmbError('not-encrypted', `share ${name}: it wants encryption with no cipher that we know`);
      if (!this.#isProven) await validateNegotiation(channel, tree, this.#options, signal);
      this.#isProven = true;
      const share = new Share(channel, tree);
      const [read, write] = [negotiated.maxReadBytes, negotiated.maxWriteBytes].map(windowOf);
      if (read === undefined || write === undefined) throw new TypeError('two sizes give two windows');
      return {
        ok: true,
        value: new OpenShare({ name: `${target.name}: ${name}`, share, random: deps.random, read, write }),
      };
    } catch (error) {
      if (error instanceof SmbError && error.fault === 'downgraded') channel.fail(error);
      return failureOf(target.name, error);
    }
  }

  close(): void {
    this.#options.channel.fail(new SmbError('lost', 'closed by us'));
  }
}

const windowOf = (maxBytes: number): Window => ({ pieceBytes: Math.min(PIECE_BYTES, maxBytes), depth: DEPTH });
