// A file up: pieces are filled from the source and written while earlier ones are still on their way.
import { createHash, type Hash } from 'node:crypto';
import { downloadOpened, fitted, type Window } from './download.ts';
import { newWriteFrame, WRITE_DATA_AT, writeAt } from './file-io.ts';
import type { Opened } from './opened.ts';
import type { Share } from './share.ts';
import { SmbError } from './smb-fault.ts';
import type { SmbTransfer, UploadOptions } from './smb-files.ts';
import { fill, openSource, type UploadReader, type UploadSource } from './upload-source.ts';

export interface UploadJob {
  share: Share;
  opened: Opened;
  window: Window;
  source: UploadSource;
  options: UploadOptions;
  /** What is there already and need not be sent again. */
  keptBytes: number;
}

/** A frame whose data has come from the source. */
interface Filled {
  frame: Buffer;
  length: number;
}

/** Writes under way: waits for the oldest only where the window is full. */
class Writer {
  readonly #job: UploadJob;
  readonly #window: Window;
  readonly #signal: AbortSignal;
  readonly #spare: Buffer[] = [];
  readonly #underWay: (Filled & { done: Promise<void> })[] = [];
  #doneBytes: number;

  constructor(job: UploadJob, signal: AbortSignal) {
    this.#job = job;
    this.#signal = signal;
    this.#window = fitted(job.window, job.share);
    this.#doneBytes = job.keptBytes;
  }

  get pieceBytes(): number {
    return this.#window.pieceBytes;
  }

  /** Filled while what was filled before is hashed, signed and sent. */
  async fill(source: UploadReader): Promise<Filled> {
    const frame = this.#spare.pop() ?? newWriteFrame(this.#window.pieceBytes);
    return { frame, length: await fill(source, frame.subarray(WRITE_DATA_AT)) };
  }

  async send({ frame, length }: Filled, offset: number): Promise<void> {
    const { share, opened } = this.#job;
    const done = writeAt(share, opened.id, { frame, offset, length }, this.#signal);
    // Listened to from the start: it may fail while an earlier one is awaited.
    done.catch(() => undefined);
    this.#underWay.push({ frame, length, done });
    if (this.#underWay.length >= this.#window.depth) await this.#oldest();
  }

  /** Nothing of it need be sent. */
  skip({ frame }: Filled): void {
    this.#spare.push(frame);
  }

  async end(): Promise<void> {
    while (this.#underWay.length > 0) await this.#oldest();
  }

  async #oldest(): Promise<void> {
    const first = this.#underWay.shift();
    if (first === undefined) return;
    await first.done;
    this.#spare.push(first.frame);
    this.#doneBytes += first.length;
    this.#job.options.onProgress?.({ doneBytes: this.#doneBytes, totalBytes: this.#job.options.sizeBytes });
  }
}

/** What the source gives next; one that falls silent holds up neither a stop nor the news that the connection is gone. */
function soon(ahead: Promise<Filled>, over: AbortSignal, { channel }: Share): Promise<Filled> {
  return new Promise((resolve, reject) => {
    const onOver = () => reject(channel.failure ?? new SmbError('cancelled', 'stopped by us'));
    ahead.then(resolve, reject).finally(() => over.removeEventListener('abort', onOver));
    if (over.aborted) onOver();
    else over.addEventListener('abort', onOver, { once: true });
  });
}

/** Hashes all of the source and sends what is not there yet. */
async function send(job: UploadJob, hash: Hash, signal: AbortSignal): Promise<number> {
  const writer = new Writer(job, signal);
  const source = openSource(job.source);
  const over = AbortSignal.any([signal, job.share.channel.over]);
  let size = 0;
  let ahead = writer.fill(source);
  try {
    for (;;) {
      const filled = await soon(ahead, over, job.share);
      const isLast = filled.length < writer.pieceBytes;
      if (!isLast) ahead = writer.fill(source);
      // Listened to from the start: it may fail while a write is awaited.
      ahead.catch(() => undefined);
      hash.update(filled.frame.subarray(WRITE_DATA_AT, WRITE_DATA_AT + filled.length));
      const offset = size;
      size += filled.length;
      // What is there in part is written whole.
      if (size > job.keptBytes && filled.length > 0) await writer.send(filled, offset);
      else writer.skip(filled);
      if (isLast) break;
    }
    await writer.end();
  } finally {
    // Not waited for: what a silent source still fills is memory that nobody uses again.
    source.close().catch(() => undefined);
  }
  return size;
}

/** Sends, and compares hashes; throws `hash-differs` where the file may not be put in place. */
export async function uploadOpened(job: UploadJob, signal: AbortSignal): Promise<SmbTransfer> {
  const { options } = job;
  const hash = createHash('sha256');
  const stop = new AbortController();
  const sizeBytes = await send(job, hash, AbortSignal.any([signal, stop.signal])).finally(() => stop.abort());
  const sha256 = hash.digest('hex');
  if (options.sizeBytes !== undefined && options.sizeBytes !== sizeBytes)
    throw new SmbError('hash-differs', `${sizeBytes} bytes came where ${options.sizeBytes} were announced`);
  if (options.sha256 !== undefined && options.sha256 !== sha256)
    throw new SmbError('hash-differs', 'the content is not what was announced');
  if (options.isReadBack !== false || job.keptBytes > 0) await compare(job, { sizeBytes, sha256 }, signal);
  return { sizeBytes, sha256 };
}

/** Reads back what the server now has. */
export async function compare(
  { share, opened, window }: Pick<UploadJob, 'share' | 'opened' | 'window'>,
  wanted: SmbTransfer,
  signal: AbortSignal,
): Promise<void> {
  // One byte more is read where there is one: a longer file is another file.
  const whole = { ...opened, entry: { ...opened.entry, sizeBytes: wanted.sizeBytes + 1 } };
  const options = { maxBytes: wanted.sizeBytes + 1 };
  const back = await downloadOpened({ share, opened: whole, window, sink: () => undefined, options }, signal);
  if (back.sizeBytes !== wanted.sizeBytes || back.sha256 !== wanted.sha256)
    throw new SmbError('hash-differs', 'what was written does not read back the same');
}
