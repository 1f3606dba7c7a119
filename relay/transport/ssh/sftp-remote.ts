// The files of a device over SFTP, for somebody who browses: pages of a folder, streams both ways, and nothing half done.
import { createHash } from 'node:crypto';
import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import type { FileSink, FileSource, PutOptions, RemoteFiles } from '#relay/transport/remote-files.ts';
import { printable } from '#relay/transport/script-output.ts';
import { newNonce } from '#relay/transport/script-wrap.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { FileError } from '#shared/remote/file-error.ts';
import type { FileEntry, FileFault } from '#shared/remote/file-message.ts';
import { sftpCall } from './sftp-call.ts';
import { SftpPipe } from './sftp-pipe.ts';

export interface SftpRemoteDeps {
  sftp: SFTPWrapper;
  random: RandomBytes;
  /** The SHA-256 of a file as the device itself computes it; undefined where it cannot. */
  hashThere: (path: string, signal: AbortSignal) => Promise<string | undefined>;
  onClose: () => void;
}

/** Status codes of the SFTP draft, version 3, section 7. */
const STATUS = { eof: 1, noSuchFile: 2, permissionDenied: 3, failure: 4, noConnection: 6, lost: 7, unsupported: 8 };
// 4 questions for more names under way: a server gives about 100 at once, and a line of 20 ms would make 20,000 take 4 s.
const PAGES_AHEAD = 4;
/** 255 bytes are a name's end on most systems: what we add must fit. */
const MAX_STEM = 180;

const KINDS: ReadonlyMap<number, FileEntry['kind']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'link'],
]);

function entryOf(
  name: string,
  { mode = 0, size = 0, mtime = 0 }: Partial<Pick<Stats, 'mode' | 'size' | 'mtime'>>,
): FileEntry {
  const sizeBytes = Number.isSafeInteger(size) && size >= 0 ? size : 0;
  return {
    name: name.slice(0, 1_024),
    kind: KINDS.get(mode & 0o170000) ?? 'other',
    sizeBytes,
    changedAt: mtime * 1_000,
    mode: mode & 0o7777,
  };
}

function faultOf(error: unknown): FileFault {
  const { code, message } = error as { code?: unknown; message?: string }; // errors of ssh2 carry the status as their code
  if (code === STATUS.noSuchFile) return 'not-found';
  if (code === STATUS.permissionDenied) return 'denied';
  if (code === STATUS.unsupported) return 'unsupported';
  if (code === STATUS.noConnection || code === STATUS.lost) return 'lost';
  if (typeof code === 'number') return /space|quota/iu.test(message ?? '') ? 'full' : 'failed';
  return /no response|not connected|connection|closed|ended/iu.test(message ?? '') ? 'lost' : 'failed';
}

function failureOf(path: string, error: unknown, signal: AbortSignal): FileError {
  if (error instanceof FileError) return error;
  if (signal.aborted) return new FileError('cancelled', 'stopped');
  const said = error instanceof Error ? error.message : String(error);
  return new FileError(faultOf(error), printable(`${path}: ${said}`, 500), { cause: error });
}

export class SftpRemote implements RemoteFiles {
  readonly #deps: SftpRemoteDeps;
  readonly #sftp: SFTPWrapper;

  constructor(deps: SftpRemoteDeps) {
    this.#deps = deps;
    this.#sftp = deps.sftp;
    // Without a listener an error would end the process; each request hears of it as well.
    deps.sftp.on('error', () => undefined);
  }

  async *list(path: string, signal: AbortSignal): AsyncGenerator<readonly FileEntry[]> {
    const sftp = this.#sftp;
    const handle = await this.#call<Buffer>(path, signal, (done) => sftp.opendir(path, done)).catch(
      async (error: unknown) => {
        throw await this.#notAFolder(path, error, signal);
      },
    );
    const ask = () => {
      const page = this.#page(path, handle, signal);
      // Listened to from the start: it may fail while an earlier one is awaited.
      page.catch(() => undefined);
      return page;
    };
    const ahead = Array.from({ length: PAGES_AHEAD }, ask);
    try {
      for (;;) {
        const entries = await ahead.shift();
        if (entries === undefined) return;
        ahead.push(ask());
        yield entries;
      }
    } finally {
      await Promise.allSettled(ahead);
      this.#closeQuietly(handle);
    }
  }

  async stat(path: string, signal: AbortSignal): Promise<FileEntry> {
    const stats = await this.#call<Stats>(path, signal, (done) => this.#sftp.lstat(path, done));
    return entryOf(path.split('/').pop() ?? '', stats);
  }

  real(path: string, signal: AbortSignal): Promise<string> {
    return this.#call<string>(path, signal, (done) => this.#sftp.realpath(path, done));
  }

  async read(
    path: string,
    { offset, length }: { offset: number; length: number | undefined },
    sink: FileSink,
    signal: AbortSignal,
  ): Promise<void> {
    // Asked by name first: opening a pipe would wait for a writer.
    const named = await this.#call<Stats>(path, signal, (done) => this.#sftp.stat(path, done));
    if (named.isDirectory()) throw new FileError('is-folder', `${printable(path, 200)}: a folder`);
    if (!named.isFile()) throw new FileError('unsupported', `${printable(path, 200)}: not a plain file`);
    const handle = await this.#call<Buffer>(path, signal, (done) => this.#sftp.open(path, 'r', done));
    try {
      await new SftpPipe(this.#sftp, handle).read({ offset, length: length ?? Number.MAX_SAFE_INTEGER }, sink, signal);
    } catch (error) {
      throw failureOf(path, error, signal);
    } finally {
      this.#closeQuietly(handle);
    }
  }

  async put(path: string, source: FileSource, options: PutOptions, signal: AbortSignal): Promise<string> {
    const temporary = temporaryOf(path, newNonce(this.#deps.random));
    try {
      const sha256 = await this.#fill(path, temporary, source, options, signal);
      if (options.sha256 !== undefined && options.sha256 !== sha256)
        throw new FileError('hash-differs', `${printable(path, 200)}: the content is not what was announced`);
      await this.#compare(temporary, sha256, signal);
      await this.rename(temporary, path, true, signal);
      return sha256;
    } catch (error) {
      // It may never have been made; what brought us here is what is told.
      this.#sftp.unlink(temporary, () => undefined);
      throw failureOf(path, error, signal);
    }
  }

  makeFolder(path: string, signal: AbortSignal): Promise<void> {
    return this.#change(
      path,
      signal,
      (done) => this.#sftp.mkdir(path, (error) => done(error, undefined)),
      async () => ((await this.#exists(path, signal)) ? 'already-there' : undefined),
    );
  }

  rename(from: string, to: string, isReplacing: boolean, signal: AbortSignal): Promise<void> {
    const sftp = this.#sftp;
    if (isReplacing)
      return this.#change(from, signal, (done) => sftp.ext_openssh_rename(from, to, (error) => done(error, undefined)));
    return this.#change(
      from,
      signal,
      (done) => sftp.rename(from, to, (error) => done(error, undefined)),
      async () => ((await this.#exists(to, signal)) ? 'already-there' : undefined),
    );
  }

  async remove(path: string, signal: AbortSignal): Promise<void> {
    const sftp = this.#sftp;
    const { kind } = await this.stat(path, signal);
    if (kind !== 'folder')
      return this.#change(path, signal, (done) => sftp.unlink(path, (error) => done(error, undefined)));
    await this.#change(
      path,
      signal,
      (done) => sftp.rmdir(path, (error) => done(error, undefined)),
      async () => {
        const first = await this.list(path, signal).next();
        return first.done === true ? undefined : 'not-empty';
      },
    );
  }

  close(): void {
    this.#sftp.end();
    this.#deps.onClose();
  }

  async #fill(
    path: string,
    temporary: string,
    source: FileSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<string> {
    const sftp = this.#sftp;
    const mode = await this.#modeFor(path, signal);
    // Never one that stands there: whoever may write to the folder could have made it a link.
    const handle = await this.#call<Buffer>(path, signal, (done) => sftp.open(temporary, 'wx', { mode: 0o600 }, done));
    try {
      const hash = createHash('sha256');
      const hashing: FileSource = {
        read: async (into) => {
          const count = await source.read(into);
          hash.update(into.subarray(0, count));
          return count;
        },
      };
      await new SftpPipe(sftp, handle).write(hashing, options.onProgress, signal);
      await sftpCall<unknown>(signal, (done) => sftp.fchmod(handle, mode, (error) => done(error, undefined)));
      // Not every server can; the rename is atomic either way.
      await sftpCall<unknown>(signal, (done) => sftp.ext_openssh_fsync(handle, done)).catch(() => undefined);
      return hash.digest('hex');
    } finally {
      this.#closeQuietly(handle);
    }
  }

  /** Hashed where it lies; a login that sees other paths in its shell, or has none, has it read back. */
  async #compare(temporary: string, sha256: string, signal: AbortSignal): Promise<void> {
    if ((await this.#deps.hashThere(temporary, signal)) === sha256) return;
    const hash = createHash('sha256');
    await this.read(temporary, { offset: 0, length: undefined }, (chunk) => void hash.update(chunk), signal);
    if (hash.digest('hex') !== sha256)
      throw new FileError('hash-differs', 'what was written does not read back the same');
  }

  /** 0600 for a new file: who needs it wider says so; an existing one keeps its mode. */
  async #modeFor(path: string, signal: AbortSignal): Promise<number> {
    try {
      const stats = await sftpCall<Stats>(signal, (done) => this.#sftp.lstat(path, done));
      return stats.isFile() ? stats.mode & 0o777 : 0o600;
    } catch (error) {
      if (signal.aborted) throw error;
      return 0o600;
    }
  }

  async #page(path: string, handle: Buffer, signal: AbortSignal): Promise<readonly FileEntry[] | undefined> {
    try {
      const found = await sftpCall<FileEntryWithStats[] | false | undefined>(signal, (done) =>
        this.#sftp.readdir(handle, (error, list) => {
          const isEnd = (error as { code?: unknown } | undefined)?.code === STATUS.eof; // ssh2 has the end as an error
          if (isEnd) done(undefined, undefined);
          else done(error, list);
        }),
      );
      if (found === undefined || found === false) return undefined;
      const shown = found.filter(({ filename }) => filename !== '.' && filename !== '..' && !filename.includes('/'));
      return shown.map(({ filename, attrs }) => entryOf(filename, attrs));
    } catch (error) {
      throw failureOf(path, error, signal);
    }
  }

  /** OpenSSH says of a file that there is no such folder. */
  async #notAFolder(path: string, error: unknown, signal: AbortSignal): Promise<unknown> {
    const entry = await this.stat(path, signal).catch(() => undefined);
    return entry === undefined || entry.kind === 'folder' || entry.kind === 'link'
      ? error
      : new FileError('not-a-folder', `${printable(path, 200)}: not a folder`);
  }

  async #exists(path: string, signal: AbortSignal): Promise<boolean> {
    return await this.stat(path, signal).then(
      () => true,
      () => false,
    );
  }

  /** Version 3 knows one word, "failure", for most of what goes wrong: `why` looks for a better one. */
  async #change(
    path: string,
    signal: AbortSignal,
    start: (done: (error: Error | null | undefined, value: undefined) => void) => void,
    why: () => Promise<FileFault | undefined> = () => Promise.resolve(undefined),
  ): Promise<void> {
    try {
      await this.#call<undefined>(path, signal, start);
    } catch (error) {
      if (!(error instanceof FileError) || error.code !== 'failed') throw error;
      const better = await why();
      throw better === undefined ? error : new FileError(better, error.message, { cause: error });
    }
  }

  async #call<T>(path: string, signal: AbortSignal, start: Parameters<typeof sftpCall<T>>[1]): Promise<T> {
    try {
      return await sftpCall<T>(signal, start);
    } catch (error) {
      throw failureOf(path, error, signal);
    }
  }

  #closeQuietly(handle: Buffer): void {
    try {
      this.#sftp.close(handle, () => undefined);
    } catch {
      // The connection has gone, and the handle with it.
    }
  }
}

/** Beside it, so that the rename stays on one disk; hidden where a leading dot hides. */
function temporaryOf(path: string, nonce: string): string {
  const at = path.lastIndexOf('/') + 1;
  return `${path.slice(0, at)}.${[...path.slice(at)].join('').slice(0, MAX_STEM)}.${nonce}.rmm-part`;
}
