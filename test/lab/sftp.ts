// The SFTP of a simulated machine: plain files of its memory, as much as a relay's uploads and downloads ask for.
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { LabFiles } from './lab-files.ts';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
/** Regular file, 0600. */
const FILE_MODE = 0o100600;

const attributesOf = (content: Buffer): Attributes => ({
  mode: FILE_MODE,
  uid: 0,
  gid: 0,
  size: content.length,
  atime: 0,
  mtime: 0,
});

class SftpSession {
  readonly #sftp: SFTPWrapper;
  readonly #files: LabFiles;
  /** Handle number to path. */
  readonly #open = new Map<number, string>();
  #nextHandle = 1;

  constructor(sftp: SFTPWrapper, files: LabFiles) {
    this.#sftp = sftp;
    this.#files = files;
  }

  listen(): void {
    const sftp = this.#sftp;
    sftp.on('OPEN', (id, path, flags) => this.#openFile(id, path, flags));
    sftp.on('READ', (id, handle, offset, length) => this.#read(id, handle, offset, length));
    sftp.on('WRITE', (id, handle, offset, data) => this.#write(id, handle, offset, data));
    sftp.on('CLOSE', (id, handle) => this.#status(id, this.#open.delete(handle.readUInt32BE(0))));
    sftp.on('STAT', (id, path) => this.#stat(id, path));
    sftp.on('LSTAT', (id, path) => this.#stat(id, path));
    sftp.on('FSTAT', (id, handle) => this.#stat(id, this.#pathOf(handle)));
    sftp.on('SETSTAT', (id, path) => this.#status(id, this.#files.get(path) !== undefined));
    sftp.on('FSETSTAT', (id, handle) => this.#status(id, this.#pathOf(handle) !== undefined));
    sftp.on('REMOVE', (id, path) => this.#status(id, this.#files.delete(path)));
    // As `posix-rename@openssh.com` does it: what stood there is replaced.
    sftp.on('RENAME', (id, from, to) => this.#status(id, this.#files.rename(from, to)));
  }

  #status(id: number, isDone: boolean): void {
    this.#sftp.status(id, isDone ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE);
  }

  #pathOf(handle: Buffer): string | undefined {
    return handle.length === 4 ? this.#open.get(handle.readUInt32BE(0)) : undefined;
  }

  #openFile(id: number, path: string, flags: number): void {
    const exists = this.#files.get(path) !== undefined;
    const creates = (flags & OPEN_MODE.CREAT) !== 0;
    if (exists && (flags & OPEN_MODE.EXCL) !== 0) {
      this.#sftp.status(id, STATUS_CODE.FAILURE);
      return;
    }
    if (!exists && !creates) {
      this.#status(id, false);
      return;
    }
    if (!exists || (flags & OPEN_MODE.TRUNC) !== 0) this.#files.set(path, Buffer.alloc(0));
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(this.#nextHandle);
    this.#open.set(this.#nextHandle, path);
    this.#nextHandle += 1;
    this.#sftp.handle(id, handle);
  }

  #read(id: number, handle: Buffer, offset: number, length: number): void {
    const content = this.#files.get(this.#pathOf(handle) ?? '');
    if (content === undefined) this.#status(id, false);
    else if (offset >= content.length) this.#sftp.status(id, STATUS_CODE.EOF);
    else this.#sftp.data(id, content.subarray(offset, offset + length));
  }

  #write(id: number, handle: Buffer, offset: number, data: Buffer): void {
    const path = this.#pathOf(handle);
    const isWritten = path !== undefined && this.#files.write(path, offset, data);
    this.#sftp.status(id, isWritten ? STATUS_CODE.OK : STATUS_CODE.FAILURE);
  }

  #stat(id: number, path: string | undefined): void {
    const content = path === undefined ? undefined : this.#files.get(path);
    if (content === undefined) this.#status(id, false);
    else this.#sftp.attrs(id, attributesOf(content));
  }
}

/** Serves the machine's files on an accepted SFTP channel for as long as it lives. */
export const serveSftp = (sftp: SFTPWrapper, files: LabFiles): void => new SftpSession(sftp, files).listen();
