// Files of a device over SFTP: reading is capped; writing is a temporary file, a compared hash and a rename.
import { createHash } from 'node:crypto';
import type { Client, SFTPWrapper, Stats } from 'ssh2';
import { startDeadline } from '#relay/transport/deadline.ts';
import { newNonce, quoteForShell } from '#relay/transport/script-wrap.ts';
import type { RunRequest, RunResult } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { openSftp, sftpCall, sftpFailure } from './sftp-call.ts';

export interface SftpAccess {
  client: Client;
  clock: Clock;
  random: RandomBytes;
  signal: AbortSignal;
  /** A script on the same device, for hashing where the file lies. */
  run: (request: RunRequest) => Promise<Outcome<RunResult>>;
}

// 256 KiB: what OpenSSH takes in one packet; a line of 50 ms then carries 5 MB/s.
const CHUNK_BYTES = 262_144;
// 2 min: hashing 10 GB from a slow disk is not what this is for.
const HASH_MS = 120_000;
// 5 s: removing a leftover must not hold up the answer.
const CLEAN_UP_MS = 5_000;

async function readAll(
  sftp: SFTPWrapper,
  handle: Buffer,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    // One byte more than fits, to tell "exactly full" from "more".
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, maxBytes - size + 1));
    const got = await sftpCall<number>(signal, (done) => sftp.read(handle, chunk, 0, chunk.length, size, done));
    if (got === 0) return Buffer.concat(chunks, size);
    size += got;
    if (size > maxBytes) return undefined;
    chunks.push(chunk.subarray(0, got));
  }
}

export async function readOverSftp(remote: SftpAccess, path: string, maxBytes: number): Promise<Outcome<Uint8Array>> {
  const { signal } = remote;
  let sftp: SFTPWrapper | undefined;
  try {
    sftp = await openSftp(remote.client, signal);
    const content = await readFile(sftp, path, maxBytes, signal);
    if (content === 'no-file') return fail('unsupported', `${path}: not a plain file`);
    return content === 'too-large' ? fail('too-large', `${path}: more than ${maxBytes} bytes`) : succeed(content);
  } catch (error) {
    return sftpFailure(path, error, signal);
  } finally {
    sftp?.end();
  }
}

async function readFile(
  sftp: SFTPWrapper,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer | 'no-file' | 'too-large'> {
  // Asked by name first: opening a pipe would wait for a writer.
  const named = await sftpCall<Stats>(signal, (done) => sftp.stat(path, done));
  if (!named.isFile()) return 'no-file';
  const handle = await sftpCall<Buffer>(signal, (done) => sftp.open(path, 'r', done));
  const content = await readAll(sftp, handle, maxBytes, signal);
  await sftpCall<unknown>(signal, (done) => sftp.close(handle, (error) => done(error, undefined)));
  return content ?? 'too-large';
}

/** 0600 for a new file: who needs it wider says so; an existing file keeps its mode. */
async function modeFor(sftp: SFTPWrapper, path: string, signal: AbortSignal): Promise<number> {
  try {
    return (await sftpCall<Stats>(signal, (done) => sftp.stat(path, done))).mode & 0o7777;
  } catch (error) {
    if (signal.aborted) throw error;
    return 0o600;
  }
}

async function fillTemporary(
  sftp: SFTPWrapper,
  temporary: string,
  content: Uint8Array,
  mode: number,
  signal: AbortSignal,
): Promise<void> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const handle = await sftpCall<Buffer>(signal, (done) => sftp.open(temporary, 'wx', { mode: 0o600 }, done));
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, bytes.length - at);
    await sftpCall<unknown>(signal, (done) =>
      sftp.write(handle, bytes, at, length, at, (error) => done(error, undefined)),
    );
  }
  await sftpCall<unknown>(signal, (done) => sftp.fchmod(handle, mode, (error) => done(error, undefined)));
  // Not every server can; the rename is atomic either way.
  await sftpCall<unknown>(signal, (done) => sftp.ext_openssh_fsync(handle, done)).catch(() => undefined);
  await sftpCall<unknown>(signal, (done) => sftp.close(handle, (error) => done(error, undefined)));
}

/** As the device's own program computes it; undefined where it has none. */
export async function hashThere(run: SftpAccess['run'], path: string): Promise<string | undefined> {
  const file = quoteForShell(path);
  const script = `exec 2>/dev/null; sha256sum < ${file} || shasum -a 256 < ${file} || sha256 -q < ${file} || openssl dgst -sha256 -r < ${file}`;
  const ran = await run({ script, timeoutMs: HASH_MS, maxOutputBytes: 4_096 });
  return ran.ok ? /^([0-9a-f]{64})\b/.exec(Buffer.from(ran.value.stdout).toString('latin1'))?.[1] : undefined;
}

/** Hashed where it lies if the device can, else read back; a login caged to SFTP sees other paths than its shell. */
async function hashOf(
  remote: SftpAccess,
  sftp: SFTPWrapper,
  temporary: string,
  size: number,
): Promise<string | undefined> {
  const told = await hashThere(remote.run, temporary);
  if (told !== undefined) return told;
  const back = await readFile(sftp, temporary, size, remote.signal);
  return typeof back === 'string' ? undefined : createHash('sha256').update(back).digest('hex');
}

async function replace(sftp: SFTPWrapper, temporary: string, path: string, signal: AbortSignal): Promise<void> {
  try {
    await sftpCall<unknown>(signal, (done) =>
      sftp.ext_openssh_rename(temporary, path, (error) => done(error, undefined)),
    );
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('extended'))) throw error;
    // A server without the extension refuses to replace; then the old file stays, and the caller hears of it.
    await sftpCall<unknown>(signal, (done) => sftp.rename(temporary, path, (problem) => done(problem, undefined)));
  }
}

async function removeQuietly(remote: SftpAccess, sftp: SFTPWrapper, temporary: string): Promise<void> {
  using deadline = startDeadline(remote.clock, CLEAN_UP_MS, new AbortController().signal);
  // It may never have been made; the failure that brought us here is what the caller hears.
  await sftpCall<unknown>(deadline.signal, (done) => sftp.unlink(temporary, (error) => done(error, undefined))).catch(
    () => undefined,
  );
}

export async function writeOverSftp(remote: SftpAccess, path: string, content: Uint8Array): Promise<Outcome<void>> {
  const { signal } = remote;
  const temporary = `${path}.${newNonce(remote.random)}`;
  let sftp: SFTPWrapper | undefined;
  try {
    sftp = await openSftp(remote.client, signal);
    await fillTemporary(sftp, temporary, content, await modeFor(sftp, path, signal), signal);
    const wanted = createHash('sha256').update(content).digest('hex');
    if ((await hashOf(remote, sftp, temporary, content.length)) !== wanted) {
      await removeQuietly(remote, sftp, temporary);
      return fail('malformed', `${path}: what was written does not read back the same`);
    }
    await replace(sftp, temporary, path, signal);
    return succeed(undefined);
  } catch (error) {
    if (sftp !== undefined) await removeQuietly(remote, sftp, temporary);
    return sftpFailure(path, error, signal);
  } finally {
    sftp?.end();
  }
}
