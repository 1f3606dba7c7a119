// Chunks of files on the relay's disk under their hashes: what came over the line once is not asked for again.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, statfs, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '#shared/base/clock.ts';
import { FileError } from '#shared/remote/file-error.ts';
import { CHUNK_BYTES } from '#shared/remote/file-message.ts';

export interface ChunkCacheOptions {
  folder: string;
  clock: Clock;
  /** Default 4 GiB: some installers and one image of a disk. */
  maxBytes?: number;
  /** Default 7 days: a roll-out takes a week at most. */
  maxAgeMs?: number;
  /** Default 1 GiB: the spool of an outage has its place on the same disk. */
  minFreeBytes?: number;
}

const MAX_BYTES = 4 * 1024 ** 3;
const MAX_AGE_MS = 7 * 86_400_000;
const MIN_FREE_BYTES = 1024 ** 3;
// 65,536: a cache full of small files; their names then take some 10 MB of memory.
const MAX_CHUNKS_KEPT = 65_536;
// 64 writes between two looks at the disk: 64 MiB.
const LOOK_EVERY = 64;

interface Kept {
  sizeBytes: number;
  usedAt: number;
}

/** A chunk in a realm: who does not know the realm learns nothing of what was sent there, and takes nothing from it. */
export interface ChunkName {
  realm: string;
  /** SHA-256 of the content, 32 bytes. */
  hash: Uint8Array;
}

/** Of an upload under way: what it holds stays until it lets go. */
export interface ChunkHold extends Disposable {
  add(name: ChunkName): void;
}

const fileOf = ({ realm, hash }: ChunkName): string =>
  createHash('sha256').update(realm).update('\0').update(hash).digest('hex');

export class ChunkCache {
  readonly #options: Required<ChunkCacheOptions>;
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>();
  readonly #holds = new Map<string, number>();
  #bytes = 0;
  #writes = 0;
  #opened: Promise<void> | undefined;

  constructor(options: ChunkCacheOptions) {
    this.#options = { maxBytes: MAX_BYTES, maxAgeMs: MAX_AGE_MS, minFreeBytes: MIN_FREE_BYTES, ...options };
  }

  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  /** Chunks and bytes on disk. */
  get size(): { chunks: number; bytes: number } {
    return { chunks: this.#kept.size, bytes: this.#bytes };
  }

  async has(name: ChunkName): Promise<boolean> {
    await this.#open();
    const file = fileOf(name);
    const kept = this.#kept.get(file);
    if (kept === undefined) return false;
    this.#touch(file, kept);
    return true;
  }

  /** Keeps what hashes to its name, and refuses anything else. */
  async put(name: ChunkName, content: Uint8Array): Promise<void> {
    if (content.length > CHUNK_BYTES) throw new FileError('too-large', 'a chunk is at most 1 MiB');
    if (!isOf(name.hash, content)) throw new FileError('hash-differs', 'a chunk is not what it is called');
    await this.#open();
    await this.#demandRoom();
    const file = fileOf(name);
    if (this.#kept.has(file)) return;
    await this.#makeRoom(content.length);
    this.#writes += 1;
    const temporary = path.join(this.#options.folder, `${file}.${this.#writes}.tmp`);
    try {
      await writeFile(temporary, content, { mode: 0o600 });
      await rename(temporary, path.join(this.#options.folder, file));
    } catch (error) {
      await rm(temporary, { force: true });
      const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC'; // errors of node:fs carry their code
      throw new FileError(isFull ? 'full' : 'failed', 'the relay could not keep a chunk', { cause: error });
    }
    this.#add(file, { sizeBytes: content.length, usedAt: this.#options.clock.now() });
  }

  /** Undefined where it is not there any more, or its disk gave something else back. */
  async get(name: ChunkName): Promise<Uint8Array | undefined> {
    await this.#open();
    const file = fileOf(name);
    if (!this.#kept.has(file)) return undefined;
    const content = await readFile(path.join(this.#options.folder, file)).catch(() => undefined);
    if (content !== undefined && isOf(name.hash, content)) return content;
    await this.#drop(file);
    return undefined;
  }

  hold(): ChunkHold {
    const held = new Set<string>();
    return {
      add: (name) => {
        const file = fileOf(name);
        if (held.has(file)) return;
        held.add(file);
        this.#holds.set(file, (this.#holds.get(file) ?? 0) + 1);
      },
      [Symbol.dispose]: () => {
        for (const file of held) {
          const left = (this.#holds.get(file) ?? 1) - 1;
          if (left === 0) this.#holds.delete(file);
          else this.#holds.set(file, left);
        }
        held.clear();
      },
    };
  }

  /** Drops what nobody used for too long; called now and then. */
  async sweep(): Promise<void> {
    await this.#open();
    const oldest = this.#options.clock.now() - this.#options.maxAgeMs;
    for (const [file, { usedAt }] of [...this.#kept])
      if (usedAt < oldest && !this.#holds.has(file)) await this.#drop(file);
  }

  #open(): Promise<void> {
    this.#opened ??= this.#read();
    return this.#opened;
  }

  /** What earlier runs left, oldest first; what a killed run was writing goes. */
  async #read(): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found: [string, Kept][] = [];
    for (const file of await readdir(folder)) {
      if (/^[0-9a-f]{64}$/.test(file)) {
        const { size, mtimeMs } = await stat(path.join(folder, file));
        found.push([file, { sizeBytes: size, usedAt: Math.trunc(mtimeMs) }]);
      } else if (file.endsWith('.tmp')) await rm(path.join(folder, file), { force: true });
    }
    for (const [file, kept] of found.sort(([, a], [, b]) => a.usedAt - b.usedAt)) this.#add(file, kept);
    await this.#makeRoom(0);
  }

  async #demandRoom(): Promise<void> {
    if (this.#writes % LOOK_EVERY !== 0) return;
    const { bavail, bsize } = await statfs(this.#options.folder);
    if (bavail * bsize < this.#options.minFreeBytes)
      throw new FileError('full', "the relay's disk has no room for files on their way");
  }

  async #makeRoom(bytes: number): Promise<void> {
    for (const file of [...this.#kept.keys()]) {
      const isEnough = this.#bytes + bytes <= this.#options.maxBytes && this.#kept.size < MAX_CHUNKS_KEPT;
      if (isEnough) return;
      if (!this.#holds.has(file)) await this.#drop(file);
    }
    if (this.#bytes + bytes > this.#options.maxBytes)
      throw new FileError('full', 'other files on their way take all the room at the relay');
  }

  #add(file: string, kept: Kept): void {
    const known = this.#kept.get(file);
    this.#bytes += kept.sizeBytes - (known?.sizeBytes ?? 0);
    this.#kept.set(file, kept);
  }

  #touch(file: string, kept: Kept): void {
    this.#kept.delete(file);
    const now = this.#options.clock.now();
    this.#kept.set(file, { ...kept, usedAt: now });
    // Only so that a later run knows its age; a failure costs one chunk its rank.
    utimes(path.join(this.#options.folder, file), now / 1_000, now / 1_000).catch(() => undefined);
  }

  async #drop(file: string): Promise<void> {
    const kept = this.#kept.get(file);
    if (kept === undefined) return;
    this.#kept.delete(file);
    this.#bytes -= kept.sizeBytes;
    await rm(path.join(this.#options.folder, file), { force: true });
  }
}

function isOf(hash: Uint8Array, content: Uint8Array): boolean {
  return createHash('sha256').update(content).digest().equals(hash);
}
