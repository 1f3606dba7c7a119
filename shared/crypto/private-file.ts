// Files that hold secrets or trust: 0600 in a 0700 folder, written whole or not at all.
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';

const hasCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;

/** The text of a private file, or undefined when there is none. Others being able to read it is an error that names it. */
export function readPrivateFile(file: string): string | undefined {
  try {
    const mode = statSync(file).mode & 0o777;
    // Windows has no such bits: there, the folder's access list guards.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new AppError('config-invalid', `${file}: others may read it (mode ${mode.toString(8)}); run chmod 600`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder to sync it.
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Writes a file that must not exist yet. */
function writeNew(file: string, text: string): void {
  const fd = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function writeTemporary(file: string, text: string): string {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    writeNew(temporary, text);
  } catch (error) {
    // A full disk: half a secret helps nobody, and there would be one more with each try.
    rmSync(temporary, { force: true });
    throw error;
  }
  return temporary;
}

/** Puts `text` in place of what stands there, durably: after a power cut the file is the old or the new one. */
export function writePrivateFile(file: string, text: string): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = writeTemporary(file, text);
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** Takes away what a power cut left of `file` beside it: it may hold what stood in the file. */
export function removeLeftovers(file: string): void {
  const [folder, begin] = [path.dirname(file), `${path.basename(file)}.`];
  for (const name of readdirSync(folder))
    if (name.startsWith(begin) && name.endsWith('.tmp')) rmSync(path.join(folder, name), { force: true });
}

/** Like `writePrivateFile`, but refuses with `conflict` when the name is taken. */
export function createPrivateFile(file: string, text: string): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = writeTemporary(file, text);
  try {
    publish(temporary, file, text);
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) throw new AppError('conflict', `${file}: already there; nothing was written`);
    throw cause;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolder(folder);
}

/** A link fails where a rename would overwrite, and shows a whole file or none. A memory stick (FAT) knows no links. */
function publish(temporary: string, file: string, text: string): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].some((code) => hasCode(error, code))) throw error;
    writeNew(file, text);
  }
}
