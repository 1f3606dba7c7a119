// Copies of files that are on disk when it returns, private to the console, with the digest of what was copied.
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';

// 1 MiB: larger pieces are no faster, and the thread's memory stays small.
const PIECE_BYTES = 1_048_576;

const hasCode = (error: unknown, ...codes: string[]) =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** What a full disk says, in one code. */
export function roomOrRethrow(error: unknown, what: string): never {
  if (hasCode(error, 'ENOSPC', 'EDQUOT', 'SQLITE_FULL'))
    throw new AppError('disk-full', `${what}: no room on the disk`, { cause: error });
  throw error;
}

export interface Copied {
  bytes: number;
  sha256: string;
}

/** Each piece of a file in turn; `onPiece` may throw to end it. */
function readPieces(file: string, onPiece: (piece: Uint8Array) => void): Copied {
  const [hash, piece] = [createHash('sha256'), Buffer.allocUnsafe(PIECE_BYTES)];
  const fd = openSync(file, 'r');
  let bytes = 0;
  try {
    for (let n = readSync(fd, piece); n > 0; n = readSync(fd, piece)) {
      const part = piece.subarray(0, n);
      hash.update(part);
      onPiece(part);
      bytes += n;
    }
  } finally {
    closeSync(fd);
  }
  return { bytes, sha256: hash.digest('hex') };
}

export const digestOf = (file: string): Copied => readPieces(file, () => undefined);

export function syncPath(target: string): void {
  // Windows cannot open a folder to sync it.
  if (process.platform === 'win32') return;
  const fd = openSync(target, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** `target` must not be there. Throws `disk-full`. */
export function copyDurably(source: string, target: string): Copied {
  makeFolder(path.dirname(target));
  const out = openSync(target, 'wx', 0o600);
  try {
    const copied = readPieces(source, (piece) => {
      for (let at = 0; at < piece.length; ) at += writeSync(out, piece, at);
    });
    fsyncSync(out);
    return copied;
  } catch (error) {
    return roomOrRethrow(error, target);
  } finally {
    closeSync(out);
  }
}

/** False where the file system knows no links, or there is nothing to link. */
export function linkIfPossible(source: string, target: string): boolean {
  makeFolder(path.dirname(target));
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV', 'EMLINK')) return false;
    throw error;
  }
}
