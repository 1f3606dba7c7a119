// A session whose clients speak one protocol after the other over a stream of bytes: each client begins it anew.
import { describeError } from '#shared/base/errors.ts';
import type { ByteStream } from '#shared/remote/byte-stream.ts';
import { SessionBytes } from './session-bytes.ts';
import type { SessionEnd, SessionPeer, SessionResult } from './session-end.ts';

export interface ByteSessionDeps {
  /** Serves one client; resolves with true when it said that nobody comes back. */
  serve: (stream: ByteStream, signal: AbortSignal) => Promise<boolean>;
  /** What was opened for the session, let go once nothing is served any more. */
  release: () => void;
  /** For the outcome: what was done. */
  summary: () => string;
}

export class ByteSession implements SessionEnd {
  readonly over: Promise<SessionResult>;
  readonly #deps: ByteSessionDeps;
  readonly #stop = new AbortController();
  #finish: (result: SessionResult) => void = () => undefined;
  #stream: SessionBytes | undefined;
  #serving: Promise<void> = Promise.resolve();

  constructor(deps: ByteSessionDeps) {
    this.#deps = deps;
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  async attached(peer: SessionPeer, first: Uint8Array): Promise<void> {
    this.detached();
    // What the former client began is over before the next asks for anything.
    await this.#serving;
    if (this.#stop.signal.aborted) return;
    const stream = new SessionBytes(peer);
    this.#stream = stream;
    this.#serving = this.#serve(stream);
    await stream.push(first);
  }

  received(plain: Uint8Array): Promise<void> {
    return this.#stream?.push(plain) ?? Promise.resolve();
  }

  detached(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }

  async close(why: string): Promise<void> {
    this.#stop.abort();
    this.detached();
    await this.#serving;
    this.#end({ detail: why });
  }

  async #serve(stream: SessionBytes): Promise<void> {
    try {
      if (await this.#deps.serve(stream, this.#stop.signal)) this.#end({ detail: 'left' });
    } catch (error) {
      this.#end({ detail: `it broke: ${describeError(error).message}`.slice(0, 200), isFailure: true });
    }
  }

  #end(result: SessionResult): void {
    this.#deps.release();
    this.#finish({ ...result, detail: `${result.detail}; ${this.#deps.summary()}` });
  }
}
