// Asks a relay for files over one stream: many requests at once, each answer to whom it belongs.

import type { ByteStream } from './byte-stream.ts';
import { FileError } from './file-error.ts';
import {
  CHUNK_BYTES,
  chunkCount,
  FileAnswer,
  type FileEntry,
  type FileRequest,
  HASH_BYTES,
  missingChunks,
} from './file-message.ts';
import { encodeMessage, type Message, MessageReader } from './message-stream.ts';

/** A request without its id; distributed, so that the union stays one. */
type Asked = FileRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;
type Done = Extract<FileAnswer, { is: 'done' }>;

interface Waiting {
  /** What comes before the end; what it returns holds the stream back. */
  onPart: (answer: FileAnswer, body: Uint8Array) => Promise<void> | void;
  resolve: (done: Done) => void;
  reject: (error: Error) => void;
}

/** Chunks under way at once: 4 MiB fill 320 Mbit/s over a line of 100 ms. */
const CHUNKS_AHEAD = 4;

export interface UploadSource {
  sizeBytes: number;
  /** Lower-case hexadecimal; absent where nobody could compute it. */
  sha256?: string;
  /** Of the person, 32 bytes in lower-case hexadecimal: within it the relay keeps what came, and asks for it once. */
  realm: string;
  /** SHA-256 of each chunk, 32 bytes each. */
  hashes: readonly Uint8Array[];
  chunk(index: number): Promise<Uint8Array>;
}

export interface UploadNews {
  /** `sent`: on its way to the relay; `placed`: from there onto the device. */
  stage: 'sent' | 'placed';
  doneBytes: number;
  totalBytes: number;
}

/** What a read or an upload came to. */
export interface FileResult {
  sha256: string | undefined;
  sizeBytes: number | undefined;
}

const resultOf = ({ sha256, sizeBytes }: Done): FileResult => ({ sha256, sizeBytes });

export class FileClient {
  readonly #stream: ByteStream;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #over: FileError | undefined;

  constructor(stream: ByteStream) {
    this.#stream = stream;
    // It ends with the stream and rejects nowhere: whoever waits is told.
    void this.#listen();
  }

  get isOpen(): boolean {
    return this.#over === undefined;
  }

  /** All entries, page by page as the device gives them. */
  async list(path: string, onEntries: (entries: readonly FileEntry[]) => void, signal?: AbortSignal): Promise<void> {
    await this.#ask(
      { do: 'list', path },
      {
        signal,
        onPart: (answer) => {
          if (answer.is === 'entries') onEntries(answer.entries);
        },
      },
    );
  }

  async stat(path: string): Promise<FileEntry> {
    let found: FileEntry | undefined;
    await this.#ask(
      { do: 'stat', path },
      {
        onPart: (answer) => {
          if (answer.is === 'entry') found = answer.entry;
        },
      },
    );
    if (found === undefined) throw new FileError('failed', 'the relay gave no entry');
    return found;
  }

  /** In order, from the offset to the end; `sink` holds it back. The hash is of the whole, where the whole was read. */
  async read(
    path: string,
    { offset, signal }: { offset: number; signal?: AbortSignal },
    sink: (bytes: Uint8Array) => Promise<void> | void,
  ): Promise<FileResult> {
    let next = offset;
    const onPart = async (answer: FileAnswer, body: Uint8Array) => {
      if (answer.is !== 'data') return;
      if (answer.offset !== next) throw new FileError('failed', 'the relay left bytes out');
      next += body.length;
      await sink(body);
    };
    return resultOf(await this.#ask({ do: 'read', path, offset }, { signal, onPart }));
  }

  async hash(path: string, signal?: AbortSignal): Promise<FileResult> {
    return resultOf(await this.#ask({ do: 'hash', path }, { signal }));
  }

  async makeFolder(path: string): Promise<void> {
    await this.#ask({ do: 'make-folder', path });
  }

  async rename(path: string, to: string, isReplacing = false): Promise<void> {
    await this.#ask({ do: 'rename', path, to, isReplacing });
  }

  async remove(path: string): Promise<void> {
    await this.#ask({ do: 'remove', path });
  }

  /** Sends what the relay lacks, then has it put in place. After a cut the same call on a new stream goes on. */
  async upload(
    path: string,
    source: UploadSource,
    { onNews, signal }: { onNews?: (news: UploadNews) => void; signal?: AbortSignal } = {},
  ): Promise<FileResult> {
    const { sizeBytes, sha256, realm } = source;
    let begun: { upload: number; missing: Uint8Array } | undefined;
    const asked: Asked = { do: 'begin', path, sizeBytes, realm, ...(sha256 === undefined ? {} : { sha256 }) };
    await this.#ask(asked, {
      signal,
      body: joined(source.hashes),
      onPart: (answer, body) => {
        if (answer.is === 'begun') begun = { upload: answer.upload, missing: body };
      },
    });
    if (begun === undefined) throw new FileError('failed', 'the relay did not say what it lacks');
    const missing = [...missingChunks(begun.missing, chunkCount(sizeBytes))];
    await this.#sendChunks(begun.upload, source, missing, { onNews, signal });
    const onPart = (answer: FileAnswer) => {
      if (answer.is === 'progress') onNews?.({ stage: 'placed', doneBytes: answer.doneBytes, totalBytes: sizeBytes });
    };
    return resultOf(await this.#ask({ do: 'commit', upload: begun.upload }, { signal, onPart }));
  }

  /** Says that nobody comes back, so that the session ends at once; what is under way is not waited for. */
  async leave(): Promise<void> {
    this.#last += 1;
    // A stream that is over needs no word.
    await this.#stream.write(encodeMessage({ id: this.#last, do: 'leave' })).catch(() => undefined);
    this.close();
  }

  close(): void {
    this.#end(new FileError('cancelled', 'closed by us'));
    this.#stream.close('done');
  }

  async #sendChunks(
    upload: number,
    source: UploadSource,
    missing: readonly number[],
    { onNews, signal }: { onNews: ((news: UploadNews) => void) | undefined; signal: AbortSignal | undefined },
  ): Promise<void> {
    const left = [...missing].reverse();
    const totalBytes = source.sizeBytes;
    let doneBytes = totalBytes - missing.reduce((sum, index) => sum + sizeOfChunk(index, totalBytes), 0);
    const tell = () => onNews?.({ stage: 'sent', doneBytes, totalBytes });
    tell();
    const lane = async () => {
      for (let index = left.pop(); index !== undefined; index = left.pop()) {
        const body = await source.chunk(index);
        await this.#ask({ do: 'chunk', upload, index }, { signal, body });
        doneBytes += body.length;
        tell();
      }
    };
    await Promise.all(Array.from({ length: CHUNKS_AHEAD }, lane));
  }

  #ask(
    asked: Asked,
    {
      body,
      signal,
      onPart = () => undefined,
    }: { body?: Uint8Array; signal?: AbortSignal | undefined; onPart?: Waiting['onPart'] } = {},
  ): Promise<Done> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    if (signal?.aborted === true) return Promise.reject(new FileError('cancelled', 'stopped by us'));
    this.#last += 1;
    const id = this.#last;
    return new Promise<Done>((resolve, reject) => {
      const onAbort = () => {
        this.#settle(id)?.reject(new FileError('cancelled', 'stopped by us'));
        this.#last += 1;
        this.#send({ id: this.#last, do: 'stop', of: id });
      };
      const waiting: Waiting = {
        onPart,
        resolve: (done) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(done);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      this.#waiting.set(id, waiting);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#send({ id, ...asked } as FileRequest, body); // `Asked` is a request without its id
    });
  }

  #send(request: FileRequest, body?: Uint8Array): void {
    this.#stream
      .write(encodeMessage(request, body))
      .catch((error: unknown) => this.#end(new FileError('lost', 'the stream is over', { cause: error })));
  }

  async #listen(): Promise<void> {
    const reader = new MessageReader();
    try {
      for await (const bytes of this.#stream.incoming)
        for (const message of reader.push(bytes)) await this.#take(message);
      this.#end(new FileError('lost', 'the relay closed the stream'));
    } catch (error) {
      this.#end(error instanceof FileError ? error : new FileError('lost', 'the stream broke', { cause: error }));
      this.#stream.close('broken');
    }
  }

  async #take({ head, body }: Message): Promise<void> {
    const answer = FileAnswer.parse(head);
    const waiting = this.#waiting.get(answer.id);
    // The end of something that was stopped.
    if (waiting === undefined) return;
    if (answer.is === 'done') this.#settle(answer.id)?.resolve(answer);
    else if (answer.is === 'failed') this.#settle(answer.id)?.reject(new FileError(answer.code, answer.detail));
    else await this.#part(waiting, answer, body);
  }

  /** A sink that fails ends its own request, not the stream. */
  async #part(waiting: Waiting, answer: FileAnswer, body: Uint8Array): Promise<void> {
    try {
      await waiting.onPart(answer, body);
    } catch (error) {
      this.#settle(answer.id)?.reject(error instanceof Error ? error : new FileError('failed', String(error)));
      this.#last += 1;
      this.#send({ id: this.#last, do: 'stop', of: answer.id });
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #end(error: FileError): void {
    this.#over ??= error;
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
  }
}

const sizeOfChunk = (index: number, sizeBytes: number): number =>
  Math.min(CHUNK_BYTES, sizeBytes - index * CHUNK_BYTES);

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [at, hash] of hashes.entries()) whole.set(hash, at * HASH_BYTES);
  return whole;
}
