// Files of this machine on their way to a device or from one: hashed in chunks, written beside their name until they are whole.
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { AppError } from '#shared/base/errors.ts';
import type { FileClient, UploadSource } from '#shared/remote/file-client.ts';
import { CHUNK_BYTES, chunkCount, type FileEntry } from '#shared/remote/file-message.ts';

async function readFully(file: FileHandle, into: Buffer, at: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

/** Reads the file once for its hashes, and its chunks again as they are asked for. */
export async function sourceOf(file: FileHandle, realm: string): Promise<UploadSource> {
  const { size: sizeBytes } = await file.stat();
  const whole = createHash('sha256');
  const hashes: Uint8Array[] = [];
  const chunk = async (index: number): Promise<Uint8Array> => {
    const bytes = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, sizeBytes - index * CHUNK_BYTES));
    const count = await readFully(file, bytes, index * CHUNK_BYTES);
    if (count !== bytes.length) throw new AppError('conflict', 'the file became shorter while it was sent');
    return bytes;
  };
  for (let index = 0; index < chunkCount(sizeBytes); index += 1) {
    const bytes = await chunk(index);
    whole.update(bytes);
    hashes.push(createHash('sha256').update(bytes).digest());
  }
  return { sizeBytes, realm, sha256: whole.digest('hex'), hashes, chunk };
}

/** What is there of the same content, by its size and time of change, is gone on from. */
const partOf = (local: string, { sizeBytes, changedAt }: FileEntry): string =>
  `${local}.${sizeBytes}-${changedAt}.rmm-part`;

/** Into its place only when it is whole and hashes to what the device has; resolves with the hash. */
export async function download(
  client: FileClient,
  from: string,
  local: string,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<{ sha256: string; sizeBytes: number }> {
  const entry = await client.stat(from);
  const part = partOf(local, entry);
  const file = await open(part, 'a+', 0o600);
  let hash: string | undefined;
  let sizeBytes = 0;
  try {
    const hashing = createHash('sha256');
    const kept = (await file.stat()).size;
    const piece = Buffer.allocUnsafe(CHUNK_BYTES);
    while (sizeBytes < kept) {
      const count = await readFully(file, piece, sizeBytes);
      hashing.update(piece.subarray(0, count));
      sizeBytes += count;
    }
    const read = await client.read(from, { offset: sizeBytes }, async (bytes) => {
      hashing.update(bytes);
      await file.appendFile(bytes);
      sizeBytes += bytes.length;
      onProgress(sizeBytes, entry.sizeBytes);
    });
    const { sha256 } = read.sha256 === undefined ? await client.hash(from) : read;
    hash = hashing.digest('hex');
    if (hash !== sha256) {
      await rm(part, { force: true });
      throw new AppError('conflict', `${from}: it changed while it was read; try again`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, local);
  return { sha256: hash, sizeBytes };
}
