// Reads and writes files of this machine with the same promises a remote device's files have.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { newNonce } from '#relay/transport/script-wrap.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';

/** A system error as an outcome; `path` is the caller's own, so it may stand in the message. */
function fileFailure(path: string, error: unknown): Failure {
  // Node's own errors carry a code; anything else is a defect and goes up.
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return fail('denied', `${path}: ${code}`);
  return fail('refused', `${path}: ${code}`);
}

async function readUpTo(file: FileHandle, maxBytes: number, signal: AbortSignal): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    signal.throwIfAborted();
    // One byte more than fits, to tell "exactly full" from "more"; /proc files have no size to ask for.
    const chunk = Buffer.alloc(Math.min(65_536, maxBytes - size + 1));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, size);
    if (bytesRead === 0) return Buffer.concat(chunks, size);
    size += bytesRead;
    if (size > maxBytes) return undefined;
    chunks.push(chunk.subarray(0, bytesRead));
  }
}

export async function readLocal(path: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Uint8Array>> {
  let file: FileHandle | undefined;
  try {
    // O_NONBLOCK: opening a pipe without a writer would wait for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return fail('unsupported', `${path}: not a plain file`);
    const content = await readUpTo(file, maxBytes, signal);
    return content === undefined ? fail('too-large', `${path}: more than ${maxBytes} bytes`) : succeed(content);
  } catch (error) {
    if (signal.aborted) return fail('cancelled', `${path}: stopped by us`);
    return fileFailure(path, error);
  } finally {
    await file?.close();
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function fillTemporary(temporary: string, content: Uint8Array, mode: number): Promise<boolean> {
  await using file = await open(temporary, 'wx+', mode);
  await file.writeFile(content);
  await file.chmod(mode);
  await file.sync();
  const back = await readUpTo(file, content.length, new AbortController().signal);
  return back === undefined ? false : sha256(back) === sha256(content);
}

export async function writeLocal(
  path: string,
  content: Uint8Array,
  signal: AbortSignal,
  random: RandomBytes,
): Promise<Outcome<void>> {
  if (signal.aborted) return fail('cancelled', `${path}: stopped by us`);
  const temporary = `${path}.${newNonce(random)}`;
  try {
    // 0600 for a new file: who needs it wider says so; an existing file keeps its mode.
    const mode = await stat(path).then(
      (old) => old.mode & 0o7777,
      () => 0o600,
    );
    if (!(await fillTemporary(temporary, content, mode)))
      return fail('malformed', `${path}: what was written does not read back the same`);
    if (signal.aborted) return fail('cancelled', `${path}: stopped by us`);
    await rename(temporary, path);
    return succeed(undefined);
  } catch (error) {
    return fileFailure(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
}
