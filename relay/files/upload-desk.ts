// Uploads of one session: which chunks are missing, what came of them, and the whole put in place from the cache.
import type { FileSource, RemoteFiles } from '#relay/transport/remote-files.ts';
import { FileError } from '#shared/remote/file-error.ts';
import { CHUNK_BYTES, chunkCount, HASH_BYTES, packMissing } from '#shared/remote/file-message.ts';
import type { ChunkCache, ChunkHold } from './chunk-cache.ts';

export interface Begun {
  /** The device's own path. */
  path: string;
  sizeBytes: number;
  sha256: string | undefined;
  realm: string;
  /** Of each chunk, one behind the other. */
  hashes: Uint8Array;
}

interface Upload extends Begun {
  hold: ChunkHold;
}

// 8 of one session: a folder is sent a few files at a time.
const MAX_UPLOADS = 8;

export class UploadDesk {
  readonly #cache: ChunkCache;
  readonly #uploads = new Map<number, Upload>();
  #last = 0;

  constructor(cache: ChunkCache) {
    this.#cache = cache;
  }

  /** The number of the upload, and bits of what the relay lacks. */
  async begin(begun: Begun): Promise<{ upload: number; missing: Uint8Array }> {
    const count = chunkCount(begun.sizeBytes);
    if (begun.hashes.length !== count * HASH_BYTES)
      throw new FileError('bad-request', `${count} chunks have ${count * HASH_BYTES} bytes of hashes`);
    if (begun.sizeBytes > this.#cache.maxBytes)
      throw new FileError('too-large', `the relay keeps ${this.#cache.maxBytes} bytes of files on their way`);
    if (this.#uploads.size >= MAX_UPLOADS) throw new FileError('busy', `${MAX_UPLOADS} uploads are open`);
    const hold = this.#cache.hold();
    this.#last += 1;
    const upload = this.#last;
    // A copy: the message it lies in is larger.
    const kept: Upload = { ...begun, hashes: begun.hashes.slice(), hold };
    this.#uploads.set(upload, kept);
    const missing: boolean[] = [];
    for (let at = 0; at < count; at += 1) {
      const name = this.#name(kept, at);
      hold.add(name);
      missing.push(!(await this.#cache.has(name)));
    }
    return { upload, missing: packMissing(missing) };
  }

  async chunk(upload: number, index: number, content: Uint8Array): Promise<void> {
    const known = this.#known(upload);
    const expected = Math.min(CHUNK_BYTES, known.sizeBytes - index * CHUNK_BYTES);
    if (content.length !== expected || expected <= 0)
      throw new FileError('bad-request', `chunk ${index} has ${content.length} bytes`);
    await this.#cache.put(this.#name(known, index), content);
  }

  /** Where it goes, as the device calls it. */
  pathOf(upload: number): string {
    return this.#known(upload).path;
  }

  /** Resolves with the SHA-256 of the whole. The upload is over, however this ends. */
  async commit(
    upload: number,
    files: RemoteFiles,
    onProgress: (doneBytes: number) => void,
    signal: AbortSignal,
  ): Promise<{ sizeBytes: number; sha256: string }> {
    const known = this.#known(upload);
    try {
      const { path, sizeBytes, sha256 } = known;
      const put = await files.put(path, this.#source(known), { sizeBytes, sha256, onProgress }, signal);
      return { sizeBytes, sha256: put };
    } finally {
      this.#forget(upload);
    }
  }

  close(): void {
    for (const upload of [...this.#uploads.keys()]) this.#forget(upload);
  }

  #source(upload: Upload): FileSource {
    const count = chunkCount(upload.sizeBytes);
    let index = 0;
    let rest: Uint8Array = new Uint8Array();
    return {
      read: async (into) => {
        if (rest.length === 0) {
          if (index === count) return 0;
          rest = await this.#content(upload, index);
          index += 1;
        }
        const part = rest.subarray(0, into.length);
        into.set(part);
        rest = rest.subarray(part.length);
        return part.length;
      },
    };
  }

  async #content(upload: Upload, index: number): Promise<Uint8Array> {
    const content = await this.#cache.get(this.#name(upload, index));
    if (content === undefined) throw new FileError('chunk-missing', `chunk ${index} is not at the relay`);
    return content;
  }

  #name({ realm, hashes }: Upload, index: number) {
    return { realm, hash: hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES) };
  }

  #known(upload: number): Upload {
    const known = this.#uploads.get(upload);
    if (known === undefined) throw new FileError('bad-request', 'no such upload is open');
    return known;
  }

  #forget(upload: number): void {
    this.#uploads.get(upload)?.hold[Symbol.dispose]();
    this.#uploads.delete(upload);
  }
}
