// A simulated machine's files: paths and bytes in memory, bounded, seen alike by its shell and its SFTP.

/** All files of one machine together; tests of real sizes use a real server. */
const MAX_BYTES = 64 * 1024 * 1024;

export class LabFiles {
  readonly #files = new Map<string, Buffer>();
  #bytes = 0;

  get(path: string): Buffer | undefined {
    return this.#files.get(path);
  }

  /** False, and nothing changes, when the disk is full. */
  set(path: string, content: Buffer): boolean {
    const bytes = this.#bytes - (this.#files.get(path)?.length ?? 0) + content.length;
    if (bytes > MAX_BYTES) return false;
    this.#bytes = bytes;
    this.#files.set(path, content);
    return true;
  }

  append(path: string, text: string): boolean {
    return this.set(path, Buffer.concat([this.#files.get(path) ?? Buffer.alloc(0), Buffer.from(text)]));
  }

  /** Writes at an offset; a gap reads as zeros. */
  write(path: string, offset: number, data: Buffer): boolean {
    const before = this.#files.get(path) ?? Buffer.alloc(0);
    if (offset === before.length) return this.set(path, Buffer.concat([before, data]));
    const after = Buffer.alloc(Math.max(before.length, offset + data.length));
    before.copy(after);
    data.copy(after, offset);
    return this.set(path, after);
  }

  delete(path: string): boolean {
    this.#bytes -= this.#files.get(path)?.length ?? 0;
    return this.#files.delete(path);
  }

  rename(from: string, to: string): boolean {
    const content = this.#files.get(from);
    if (content === undefined) return false;
    this.delete(from);
    return this.set(to, content);
  }
}
