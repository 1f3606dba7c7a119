// 16 MB held back beside a database: given up when the disk is full, so that deletes and what matters most still work.
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Room for some 10,000 command outcomes and the write-ahead log of a deletion. */
export const BALLAST_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

export class Ballast {
  readonly #file: string;
  readonly #sizeBytes: number;
  readonly #freeBytes: () => number;

  /** `freeBytes` is asked of the disk unless a test answers. */
  constructor(file: string, options: { sizeBytes?: number; freeBytes?: () => number } = {}) {
    this.#file = file;
    this.#sizeBytes = options.sizeBytes ?? BALLAST_BYTES;
    this.#freeBytes = options.freeBytes ?? (() => freeBytesOf(path.dirname(file)));
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isHeld(): boolean {
    return existsSync(this.#file);
  }

  /** True when it was there and its space is free now. */
  release(): boolean {
    if (!this.isHeld) return false;
    rmSync(this.#file, { force: true });
    return true;
  }

  /** Makes the ballast where the disk has room; true when it is held afterwards. */
  restore(): boolean {
    if (this.isHeld) return true;
    // As much again has to stay free, or it would be given up at once.
    if (this.#freeBytes() < 2 * this.#sizeBytes) return false;
    try {
      writeFully(this.#file, this.#sizeBytes);
      return true;
    } catch {
      // The disk filled while we wrote: no ballast now, the next round tries again.
      rmSync(this.#file, { force: true });
      return false;
    }
  }
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Bytes that no file system folds away: a sparse or compressed ballast would free nothing. */
function writeFully(file: string, sizeBytes: number): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    for (let done = 0; done < sizeBytes; done += CHUNK_BYTES) {
      writeSync(handle, crypto.getRandomValues(new Uint8Array(Math.min(CHUNK_BYTES, sizeBytes - done))));
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
