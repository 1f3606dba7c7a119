// A file up: pieces are filled from the source and written while earlier ones are still on their way.
import { createHash, type Hash } from 'node:crypto';
import { downloadOpened, fitted, type Window } from './download.ts';
import { newWriteFrame, WRITE_DATA_AT, writeAt } from './file-io.ts';
import type { Opened } from './opened.ts';
import type { Share } from './share.ts';
import { SmbError } from './smb-fault.ts';
import type { SmbTransfer, UploadOptions } from './smb-files.ts';

export interface UploadJob {
  share: Share;
  opened: Opened;
  window: Window;
  source: AsyncIterable<Uint8Array>;
  options: UploadOptions;
  /** What is there already and need not be sent again. */
  keptBytes: number;
}

/** Writes under way: waits for the oldest only where the window is full. */
class Writer {
  readonly #job: UploadJob;
  readonly #window: Window;
  readonly #signal: AbortSignal;
  readonly #spare: Buffer[] = [];
  readonly #underWay: { frame: Buffer; length: number; done: Promise<void> }[] = [];
  #frame: Buffer;
  #filled = 0;
  #offset: number;
  #doneBytes: number;

  constructor(job: UploadJob, signal: AbortSignal) {
    this.#job = job;
    this.#signal = signal;
    this.#window = fitted(job.window, job.share);
    this.#offset = job.keptBytes;
    this.#doneBytes = job.keptBytes;
    this.#frame = newWriteFrame(this.#window.pieceBytes);
  }

  async add(chunk: Uint8Array): Promise<void> {
    let at = 0;
    while (at < chunk.length) {
      const count = Math.min(chunk.length - at, this.#window.pieceBytes - this.#filled);
      this.#frame.set(chunk.subarray(at, at + count), WRITE_DATA_AT + this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled === this.#window.pieceBytes) await this.#send();
    }
  }

  async end(): Promise<void> {
    if (this.#filled > 0) await this.#send();
    while (this.#underWay.length > 0) await this.#oldest();
  }

  async #send(): Promise<void> {
    const { share, opened } = this.#job;
    const frame = this.#frame;
    const length = this.#filled;
    const done = writeAt(share, opened.id, { frame, offset: this.#offset, length }, this.#signal);
    // Listened to from the start: it may fail while an earlier one is awaited.
    done.catch(() => undefined);
    this.#underWay.push({ frame, length, done });
    this.#offset += length;
    this.#filled = 0;
    if (this.#underWay.length >= this.#window.depth) await this.#oldest();
    this.#frame = this.#spare.pop() ?? newWriteFrame(this.#window.pieceBytes);
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

/** Hashes all of the source and sends what is not there yet. */
async function send(job: UploadJob, hash: Hash, signal: AbortSignal): Promise<number> {
  const writer = new Writer(job, signal);
  let size = 0;
  for await (const chunk of job.source) {
    if (signal.aborted) throw new SmbError('cancelled', 'stopped by us');
    hash.update(chunk);
    const skip = Math.min(chunk.length, Math.max(0, job.keptBytes - size));
    size += chunk.length;
    if (skip < chunk.length) await writer.add(skip === 0 ? chunk : chunk.subarray(skip));
  }
  await writer.end();
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
