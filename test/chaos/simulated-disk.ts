// A disk that keeps only what was synced: replays a trace and says what a power cut would leave of each file.
import type { DiskStep } from './disk-trace.ts';

type Change = Extract<DiskStep, { kind: 'write' | 'truncate' }>;

interface KeptFile {
  /** As of the last sync. */
  durable: Content;
  /** Written since; a power cut keeps any of it. */
  pending: Change[];
}

/** Bytes reach the disk in sectors: a page of which half arrived is torn. */
const SECTOR_BYTES = 512;

export class SimulatedDisk {
  readonly #files = new Map<string, KeptFile>();

  apply(step: DiskStep): void {
    if (step.kind === 'said') return;
    if (step.kind === 'remove') {
      this.#files.delete(step.file);
      return;
    }
    const file = this.#files.get(step.file) ?? { durable: new Content(), pending: [] };
    this.#files.set(step.file, file);
    if (step.kind !== 'sync') file.pending.push(step);
    else for (const change of file.pending.splice(0)) file.durable.apply(change);
  }

  /** What is there after a cut: all that was synced, and of the rest what `keep` says, sector by sector. */
  afterCut(keep: () => boolean): Map<string, Buffer> {
    const left = new Map<string, Buffer>();
    for (const [name, { durable, pending }] of this.#files) {
      const content = durable.copy();
      for (const change of pending) {
        for (const part of change.kind === 'write' ? sectorsOf(change) : [change]) if (keep()) content.apply(part);
      }
      left.set(name, content.bytes);
    }
    return left;
  }
}

/** A file's bytes, changed in place: a log of megabytes is written 4 KiB at a time. */
class Content {
  #buffer = Buffer.alloc(0);
  #size = 0;

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }

  copy(): Content {
    const copy = new Content();
    copy.#buffer = Buffer.from(this.bytes);
    copy.#size = this.#size;
    return copy;
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') this.#resize(change.size);
    else {
      this.#resize(Math.max(this.#size, change.at + change.bytes.length));
      change.bytes.copy(this.#buffer, change.at);
    }
  }

  #resize(size: number): void {
    if (size > this.#buffer.length) {
      const larger = Buffer.alloc(size * 2);
      this.#buffer.copy(larger, 0, 0, this.#size);
      this.#buffer = larger;
    }
    // What lies beyond an end that is moved out again reads as zeros.
    if (size < this.#size) this.#buffer.fill(0, size, this.#size);
    this.#size = size;
  }
}

function sectorsOf({ bytes, at, ...rest }: Extract<Change, { kind: 'write' }>): Change[] {
  const parts: Change[] = [];
  for (let from = 0; from < bytes.length; from += SECTOR_BYTES) {
    parts.push({ ...rest, at: at + from, bytes: bytes.subarray(from, from + SECTOR_BYTES) });
  }
  return parts;
}
