// What a terminal showed, as asciicast v2 in a file of this relay: bounded, and with the hash that goes into the outcome.
import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '#shared/base/clock.ts';
import type { WindowSize } from '#shared/model/session.ts';

/** Of one recording: a week of work at a prompt, or a flood of output's first minute; what follows is not recorded, and it says so. */
export const MAX_RECORDING_BYTES = 64 * 1024 * 1024;
/** Of all together; the oldest go when a new one begins. */
const MAX_FOLDER_BYTES = 1024 * 1024 * 1024;
/** Written at once: a write for each key press would wear the disk. */
const FLUSH_AT = 32 * 1024;

export interface Recorded {
  /** SHA-256 of the file, hex. */
  sha256: string;
  bytes: number;
  isCut: boolean;
}

export interface RecordingOptions {
  folder: string;
  /** Of the file, without its ending. */
  name: string;
  clock: Clock;
  size: WindowSize;
  maxBytes?: number;
}

/** Output and sizes of the window, never what was typed: a password that is not echoed is in no recording. */
export class Recording {
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #hash: Hash = createHash('sha256');
  readonly #decoder = new TextDecoder();
  readonly #began: number;
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #isCut: boolean = false;

  private constructor(file: FileHandle, { clock, maxBytes = MAX_RECORDING_BYTES }: RecordingOptions) {
    this.#file = file;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    this.#began = clock.monotonic();
  }

  /** Readable by the relay's own user alone. */
  static async begin(options: RecordingOptions): Promise<Recording> {
    const { folder, name, clock, size } = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    makeRoom(folder);
    const file = await open(path.join(folder, `${name}.cast`), 'wx', 0o600);
    const recording = new Recording(file, options);
    const timestamp = Math.floor(clock.now() / 1_000);
    recording.#add({ version: 2, width: size.cols, height: size.rows, timestamp });
    return recording;
  }

  async output(bytes: Uint8Array): Promise<void> {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text !== '') this.#event('o', text);
    if (this.#waitingBytes >= FLUSH_AT) await this.#flush();
  }

  resize({ cols, rows }: WindowSize): void {
    this.#event('r', `${cols}x${rows}`);
  }

  async end(): Promise<Recorded> {
    try {
      await this.#flush();
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes, isCut: this.#isCut };
  }

  #event(kind: 'o' | 'r', data: string): void {
    const seconds = Math.round(this.#clock.monotonic() - this.#began) / 1_000;
    this.#add([seconds, kind, data]);
  }

  #add(line: unknown): void {
    if (this.#isCut) return;
    const text = `${JSON.stringify(line)}\n`;
    const bytes = Buffer.byteLength(text);
    if (this.#bytes + this.#waitingBytes + bytes > this.#maxBytes) {
      this.#isCut = true;
      return;
    }
    this.#waiting.push(text);
    this.#waitingBytes += bytes;
  }

  async #flush(): Promise<void> {
    const text = this.#waiting.join('');
    this.#bytes += this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (text === '') return;
    this.#hash.update(text);
    await this.#file.writeFile(text);
  }
}

function makeRoom(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.cast'))
    .map((name) => ({ file: path.join(folder, name), ...pick(statSync(path.join(folder, name))) }))
    .toSorted((a, b) => a.mtimeMs - b.mtimeMs);
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  for (const { file, size } of files) {
    if (bytes + MAX_RECORDING_BYTES <= MAX_FOLDER_BYTES) return;
    rmSync(file, { force: true });
    bytes -= size;
  }
}

const pick = ({ size, mtimeMs }: { size: number; mtimeMs: number }) => ({ size, mtimeMs });
