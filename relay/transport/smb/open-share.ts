// Files of one share, as the port promises them: each operation opens, acts, closes, and ends in an outcome.

import { createHash } from 'node:crypto';
import type { RandomBytes } from '#shared/base/id.ts';
import { downloadOpened, type Sink, type Window } from './download.ts';
import { flush, newWriteFrame, WRITE_DATA_AT, writeAt } from './file-io.ts';
import { nextChanges, nextEntries } from './folder.ts';
import { inPlace } from './in-place.ts';
import {
  ACCESS,
  closeQuietly,
  closeRequest,
  createRequest,
  DISPOSITION,
  decodeOpened,
  OPTION,
  type OpenOptions,
  open,
  SAME_FILE,
  SHARING,
  withOpened,
} from './opened.ts';
import { encodePath, encodePattern } from './path.ts';
import { removeRequest, renameRequest } from './set-info.ts';
import type { Share, ShareRequest } from './share.ts';
import { failureOf, SmbError, type SmbOutcome } from './smb-fault.ts';
import type { DownloadOptions, SmbChange, SmbEntry, SmbFiles, SmbTransfer, UploadOptions } from './smb-files.ts';
import { compare, uploadOpened } from './upload.ts';
import type { UploadSource } from './upload-source.ts';

const LOOK: OpenOptions = {
  access: ACCESS.readAttributes | ACCESS.synchronize,
  disposition: DISPOSITION.open,
  options: OPTION.asItself,
  sharing: SHARING.all,
};
const READ: OpenOptions = { ...LOOK, access: LOOK.access | ACCESS.readData, options: OPTION.file };
const LIST: OpenOptions = { ...READ, options: OPTION.folder };
const MOVE: OpenOptions = { ...LOOK, access: LOOK.access | ACCESS.delete };
/**
 * A handle follows its file: without this, somebody who opened the same file to move it would move it once more from where
 * we put it, and both would be told that they had it (MS-FSA 2.1.5.1.2.2).
 */
const RENAME: OpenOptions = { ...MOVE, sharing: SHARING.readAndWrite };
const MAKE_FOLDER: OpenOptions = { ...LOOK, disposition: DISPOSITION.create, options: OPTION.folder };

export interface ShareOptions {
  /** For messages: machine and share. */
  name: string;
  share: Share;
  random: RandomBytes;
  read: Window;
  write: Window;
}

export class OpenShare implements SmbFiles {
  readonly #options: ShareOptions;
  readonly #share: Share;

  constructor(options: ShareOptions) {
    this.#options = options;
    this.#share = options.share;
  }

  get isOpen(): boolean {
    return this.#share.channel.failure === undefined;
  }

  get isEncrypted(): boolean {
    return this.#share.isEncrypted;
  }

  async *list(
    folder: string,
    { pattern = '*', maxEntries }: { pattern?: string; maxEntries: number },
    signal: AbortSignal,
  ): AsyncGenerator<SmbEntry, SmbOutcome<void>> {
    let left = maxEntries;
    const pages = this.#inFolder(folder, signal, (id) => nextEntries(this.#share, id, encodePattern(pattern), signal));
    try {
      for await (const entries of pages) {
        for (const entry of entries) {
          if (left === 0) throw new SmbError('too-large', `more than ${maxEntries} entries`);
          left -= 1;
          yield entry;
        }
      }
      return { ok: true, value: undefined };
    } catch (error) {
      return failureOf(this.#name(folder), error);
    }
  }

  async *watch(
    folder: string,
    options: { isDeep: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<readonly SmbChange[], SmbOutcome<void>> {
    try {
      yield* this.#inFolder(folder, signal, (id) => nextChanges(this.#share, id, options, signal));
      return { ok: true, value: undefined };
    } catch (error) {
      return failureOf(this.#name(folder), error);
    }
  }

  stat(path: string, signal: AbortSignal): Promise<SmbOutcome<SmbEntry>> {
    return this.#outcome(path, async () => {
      const requests = [createRequest(encodePath(path), LOOK), closeRequest(SAME_FILE)];
      const [reply] = await this.#share.sendRelated(requests, 'look', signal);
      if (reply === undefined) throw new SmbError('malformed', 'no answer');
      return decodeOpened(reply, path.split(/[\\/]/u).pop() ?? '').entry;
    });
  }

  read(path: string, maxBytes: number, signal: AbortSignal): Promise<SmbOutcome<Uint8Array>> {
    return this.#outcome(path, async () => {
      const chunks: Buffer[] = [];
      // Copied: a chunk's memory is the next message's.
      const sink: Sink = (chunk) => void chunks.push(Buffer.from(chunk));
      await this.#download(path, sink, { maxBytes }, signal);
      return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    });
  }

  write(
    path: string,
    content: Uint8Array,
    { isReplacing }: { isReplacing: boolean },
    signal: AbortSignal,
  ): Promise<SmbOutcome<void>> {
    const target = { path, isReplacing, temporary: undefined };
    return this.#outcome(path, () =>
      inPlace(this.#options, target, signal, async (opened) => {
        await this.#writeAll(opened.id, content, signal);
        await flush(this.#share, opened.id, signal);
        const sha256 = createHash('sha256').update(content).digest('hex');
        const wanted = { sizeBytes: content.length, sha256 };
        await compare({ share: this.#share, opened, window: this.#options.read }, wanted, signal);
      }),
    );
  }

  upload(
    path: string,
    source: UploadSource,
    options: UploadOptions,
    signal: AbortSignal,
  ): Promise<SmbOutcome<SmbTransfer>> {
    const { write: window } = this.#options;
    const temporary = options.isResumable === true ? `${path}.part` : undefined;
    return this.#outcome(path, () =>
      inPlace(this.#options, { path, isReplacing: true, temporary }, signal, (opened, keptBytes) =>
        uploadOpened({ share: this.#share, opened, window, source, options, keptBytes }, signal),
      ),
    );
  }

  download(path: string, sink: Sink, options: DownloadOptions, signal: AbortSignal): Promise<SmbOutcome<SmbTransfer>> {
    return this.#outcome(path, () => this.#download(path, sink, options, signal));
  }

  rename(
    from: string,
    to: string,
    { isReplacing }: { isReplacing: boolean },
    signal: AbortSignal,
  ): Promise<SmbOutcome<void>> {
    return this.#outcome(to, () =>
      this.#change(from, RENAME, renameRequest(SAME_FILE, encodePath(to), isReplacing), 'rename', signal),
    );
  }

  remove(path: string, signal: AbortSignal): Promise<SmbOutcome<void>> {
    return this.#outcome(path, () => this.#change(path, MOVE, removeRequest(SAME_FILE), 'remove', signal));
  }

  makeFolder(path: string, signal: AbortSignal): Promise<SmbOutcome<void>> {
    return this.#outcome(path, async () => {
      try {
        await withOpened(this.#share, encodePath(path), { how: MAKE_FOLDER, signal }, () => Promise.resolve());
      } catch (error) {
        if (!(error instanceof SmbError) || error.fault !== 'already-there') throw error;
        // A file of that name is no folder; this says so.
        await withOpened(this.#share, encodePath(path), { how: LIST, signal }, () => Promise.resolve());
      }
    });
  }

  #name(path: string): string {
    return `${this.#options.name}/${path.slice(0, 200)}`;
  }

  async #outcome<T>(path: string, act: () => Promise<T>): Promise<SmbOutcome<T>> {
    try {
      return { ok: true, value: await act() };
    } catch (error) {
      return failureOf(this.#name(path), error);
    }
  }

  /** Answers of an open folder until there are no more. */
  async *#inFolder<T>(
    folder: string,
    signal: AbortSignal,
    next: (id: Buffer) => Promise<T[] | undefined>,
  ): AsyncGenerator<T[]> {
    const opened = await open(this.#share, encodePath(folder), LIST, signal);
    try {
      for (;;) {
        const found = await next(opened.id);
        if (found === undefined) return;
        yield found;
      }
    } finally {
      closeQuietly(this.#share, opened);
    }
  }

  /** Opens, changes, closes: one question to the server. */
  async #change(
    path: string,
    how: OpenOptions,
    request: ShareRequest,
    doing: string,
    signal: AbortSignal,
  ): Promise<void> {
    const requests = [createRequest(encodePath(path), how), request, closeRequest(SAME_FILE)];
    for (const reply of await this.#share.sendRelated(requests, doing, signal)) reply.release();
  }

  async #download(path: string, sink: Sink, options: DownloadOptions, signal: AbortSignal): Promise<SmbTransfer> {
    const { share, read: window } = this.#options;
    const transfer = await withOpened(share, encodePath(path), { how: READ, signal }, (opened) =>
      downloadOpened({ share, opened, window, sink, options }, signal),
    );
    if (options.sha256 !== undefined && options.sha256 !== transfer.sha256)
      throw new SmbError('hash-differs', 'the content is not what was announced');
    return transfer;
  }

  async #writeAll(id: Buffer, content: Uint8Array, signal: AbortSignal): Promise<void> {
    const { pieceBytes } = this.#options.write;
    for (let offset = 0; offset < content.length; offset += pieceBytes) {
      const piece = content.subarray(offset, offset + pieceBytes);
      const frame = newWriteFrame(piece.length);
      frame.set(piece, WRITE_DATA_AT);
      await writeAt(this.#share, id, { frame, offset, length: piece.length }, signal);
    }
  }
}
