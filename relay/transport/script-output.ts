// What a script printed, kept within its cap: a device may send for ever, the relay's memory does not grow.
import { type MaskedValues, OutputMask } from './output-mask.ts';
import { MarkerGate } from './script-wrap.ts';

export type OutputState = 'ok' | 'over-cap' | 'flood';

// 64 MiB: no job's log is longer; a device that sends more after its cap only wastes the site's line.
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/** One output: what is hidden in it is hidden, and no more than its cap is kept. */
export class CappedBytes {
  readonly #maxBytes: number;
  readonly #mask: OutputMask | undefined;
  #chunks: Uint8Array[] = [];
  #keptBytes = 0;
  #discardedBytes = 0;

  constructor(maxBytes: number, values: MaskedValues | undefined) {
    this.#maxBytes = maxBytes;
    this.#mask = values && new OutputMask(values);
  }

  push(bytes: Uint8Array): OutputState {
    // Hidden before it is cut: half a value at the cap would be known for none.
    return this.#keep(this.#mask === undefined ? bytes : this.#mask.push(bytes));
  }

  #keep(bytes: Uint8Array): OutputState {
    const kept = bytes.subarray(0, this.#maxBytes - this.#keptBytes);
    if (kept.length > 0) {
      // A copy: the chunk may be a slice of a much larger receive buffer.
      this.#chunks.push(Uint8Array.from(kept));
      this.#keptBytes += kept.length;
    }
    this.#discardedBytes += bytes.length - kept.length;
    if (this.#discardedBytes > MAX_DISCARDED_BYTES) return 'flood';
    return this.#discardedBytes > 0 ? 'over-cap' : 'ok';
  }

  /** Final after `bytes`, which hands out what the mask still held back. */
  get isTruncated(): boolean {
    return this.#discardedBytes > 0;
  }

  bytes(): Uint8Array {
    if (this.#mask !== undefined) this.#keep(this.#mask.end());
    return Buffer.concat(this.#chunks, this.#keptBytes);
  }
}

/** Makes text of what a shell writes in a form of its own. */
export interface OutputDecoder {
  push(bytes: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

class CappedStream {
  readonly gate: MarkerGate;
  readonly #kept: CappedBytes;
  readonly #decoder: OutputDecoder | undefined;

  constructor(nonce: string, maxBytes: number, values: MaskedValues | undefined, decoder?: OutputDecoder) {
    this.gate = new MarkerGate(nonce);
    this.#kept = new CappedBytes(maxBytes, values);
    this.#decoder = decoder;
  }

  push(chunk: Uint8Array): OutputState {
    const bytes = this.gate.push(chunk);
    return bytes === undefined ? 'flood' : this.#kept.push(this.#decoder?.push(bytes) ?? bytes);
  }

  get isTruncated(): boolean {
    return this.#kept.isTruncated;
  }

  bytes(): Uint8Array {
    if (this.#decoder !== undefined) this.#kept.push(this.#decoder.end());
    return this.#kept.bytes();
  }
}

/** Both outputs of one script. */
export class ScriptOutput {
  readonly #stdout: CappedStream;
  readonly #stderr: CappedStream;

  /** `values`: hidden in both. */
  constructor(nonce: string, maxBytes: number, values?: MaskedValues, stderr?: OutputDecoder) {
    this.#stdout = new CappedStream(nonce, maxBytes, values);
    this.#stderr = new CappedStream(nonce, maxBytes, values, stderr);
  }

  push(stream: 'stdout' | 'stderr', chunk: Uint8Array): OutputState {
    return stream === 'stdout' ? this.#stdout.push(chunk) : this.#stderr.push(chunk);
  }

  get hasBegun(): boolean {
    return this.#stdout.gate.isOpen;
  }

  get group(): number | undefined {
    return this.#stdout.gate.group;
  }

  /** What the login printed instead of running a shell. */
  get noise(): Uint8Array {
    const { noise } = this.#stdout.gate;
    return noise.length > 0 ? noise : this.#stderr.gate.noise;
  }

  result(): { stdout: Uint8Array; stderr: Uint8Array; isTruncated: boolean } {
    const stdout = this.#stdout.bytes();
    const stderr = this.#stderr.bytes();
    return {
      stdout,
      stderr,
      isTruncated: this.#stdout.isTruncated || this.#stderr.isTruncated,
    };
  }
}

/** Text of a device inside our own messages: printable ASCII, short. */
export function printable(bytes: Uint8Array | string, maxLength = 160): string {
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes.subarray(0, maxLength * 4)).toString('latin1');
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .slice(0, maxLength);
}
