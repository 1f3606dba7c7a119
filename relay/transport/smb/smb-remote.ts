// The files of a device over SMB, for somebody who browses: the first part of a path is the share, "C:" means its hidden one.
import { createHash } from 'node:crypto';
import type { FileSink, FileSource, PutOptions, RemoteFiles } from '#relay/transport/remote-files.ts';
import { printable } from '#relay/transport/script-output.ts';
import { FileError } from '#shared/remote/file-error.ts';
import { type FileEntry, type FileFault, MAX_ENTRIES, MAX_FILE_BYTES } from '#shared/remote/file-message.ts';
import type { SmbFault, SmbOutcome } from './smb-fault.ts';
import type { SmbConnection, SmbEntry, SmbFiles } from './smb-files.ts';

const FAULTS: Partial<Record<SmbFault, FileFault>> = {
  lost: 'lost',
  'session-expired': 'lost',
  unreachable: 'lost',
  'timed-out': 'timed-out',
  cancelled: 'cancelled',
  'access-denied': 'denied',
  'logon-failure': 'denied',
  'no-such-file': 'not-found',
  'no-such-share': 'not-found',
  'already-there': 'already-there',
  'in-use': 'denied',
  'not-empty': 'not-empty',
  'is-folder': 'is-folder',
  'not-a-folder': 'not-a-folder',
  'bad-name': 'bad-name',
  'disk-full': 'full',
  'too-large': 'too-large',
  'hash-differs': 'hash-differs',
  unsupported: 'unsupported',
};

function got<T>(outcome: SmbOutcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new FileError(FAULTS[outcome.fault] ?? 'failed', printable(outcome.detail, 500));
}

const entryOf = ({ name, isFolder, isLink, sizeBytes, changedAt }: SmbEntry): FileEntry => ({
  name,
  kind: isLink ? 'link' : isFolder ? 'folder' : 'file',
  sizeBytes,
  changedAt: Math.trunc(changedAt),
});

interface Place {
  files: SmbFiles;
  /** Below the share. */
  path: string;
}

export class SmbRemote implements RemoteFiles {
  readonly #connection: Pick<SmbConnection, 'tree'>;
  readonly #onClose: () => void;
  #isClosed = false;
  readonly #trees = new Map<string, SmbFiles>();

  constructor(connection: Pick<SmbConnection, 'tree'>, onClose: () => void) {
    this.#connection = connection;
    this.#onClose = onClose;
  }

  async *list(path: string, signal: AbortSignal): AsyncGenerator<readonly FileEntry[]> {
    const place = await this.#place(path, signal);
    const entries = place.files.list(place.path, { maxEntries: MAX_ENTRIES + 1 }, signal);
    let page: FileEntry[] = [];
    for (;;) {
      const next = await entries.next();
      if (next.done === true) {
        got(next.value);
        yield page;
        return;
      }
      page.push(entryOf(next.value));
      // 500: a page is worth an answer of its own.
      if (page.length < 500) continue;
      yield page;
      page = [];
    }
  }

  async stat(path: string, signal: AbortSignal): Promise<FileEntry> {
    const place = await this.#place(path, signal);
    return entryOf(got(await place.files.stat(place.path, signal)));
  }

  /** A share says of each part whether it is a link, and nothing of where it leads: a path through one is outside. */
  async real(path: string, signal: AbortSignal): Promise<string> {
    const { files, path: below } = await this.#place(path, signal);
    const parts = below.split('/').filter((part) => part !== '');
    for (const at of parts.keys()) {
      const entry = await files.stat(parts.slice(0, at + 1).join('/'), signal);
      if (entry.ok && entry.value.isLink) throw new FileError('outside', 'a link leads elsewhere');
      // What is not there yet is no link.
      if (!entry.ok && entry.fault !== 'no-such-file') got(entry);
    }
    return path;
  }

  async read(
    path: string,
    { offset, length }: { offset: number; length: number | undefined },
    sink: FileSink,
    signal: AbortSignal,
  ): Promise<void> {
    const place = await this.#place(path, signal);
    const enough = new AbortController();
    let left = length ?? Number.MAX_SAFE_INTEGER;
    const limited: FileSink = (chunk) => {
      if (left === 0) return undefined;
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (left === 0) enough.abort();
      return sink(part);
    };
    const options = { maxBytes: MAX_FILE_BYTES, from: { offset, hash: createHash('sha256') } };
    const outcome = await place.files.download(place.path, limited, options, AbortSignal.any([signal, enough.signal]));
    if (!enough.signal.aborted || signal.aborted) got(outcome);
  }

  async put(path: string, source: FileSource, options: PutOptions, signal: AbortSignal): Promise<string> {
    const place = await this.#place(path, signal);
    const { sizeBytes, sha256, onProgress } = options;
    const upload = {
      sizeBytes,
      ...(sha256 === undefined ? {} : { sha256 }),
      isResumable: true,
      onProgress: ({ doneBytes }: { doneBytes: number }) => onProgress(doneBytes),
    };
    return got(await place.files.upload(place.path, source, upload, signal)).sha256;
  }

  async makeFolder(path: string, signal: AbortSignal): Promise<void> {
    const place = await this.#place(path, signal);
    const there = await place.files.stat(place.path, signal);
    if (there.ok) throw new FileError('already-there', 'there is something of that name');
    got(await place.files.makeFolder(place.path, signal));
  }

  async rename(from: string, to: string, isReplacing: boolean, signal: AbortSignal): Promise<void> {
    const source = await this.#place(from, signal);
    const target = await this.#place(to, signal);
    if (source.files !== target.files)
      throw new FileError('unsupported', 'from one share to another nothing is renamed');
    got(await source.files.rename(source.path, target.path, { isReplacing }, signal));
  }

  async remove(path: string, signal: AbortSignal): Promise<void> {
    const place = await this.#place(path, signal);
    got(await place.files.remove(place.path, signal));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
  }

  async #place(path: string, signal: AbortSignal): Promise<Place> {
    const [first = '', ...rest] = path.split('/').filter((part) => part !== '');
    if (first === '') throw new FileError('unsupported', 'shares are not listed: name one, such as C: or public');
    const share = /^[A-Za-z]:$/u.test(first) ? `${first.slice(0, 1)}$` : first;
    const known = this.#trees.get(share);
    if (known?.isOpen === true) return { files: known, path: rest.join('/') };
    const files = got(await this.#connection.tree(share, signal));
    this.#trees.set(share, files);
    return { files, path: rest.join('/') };
  }
}
