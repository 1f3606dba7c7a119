// Where a simulated command writes: it waits while the reader is slow, and stops when the reader has gone.
import { once } from 'node:events';
import type { Writable } from 'node:stream';

export interface ExecOutput {
  /** Aborts when the channel or the connection has ended. */
  readonly signal: AbortSignal;
  stdout(chunk: string | Uint8Array): Promise<void>;
  stderr(chunk: string | Uint8Array): Promise<void>;
}

export interface OutputStreams {
  stdout: Writable;
  stderr: Writable;
  signal: AbortSignal;
  /** Awaited before each write: a frozen device prints nothing. */
  mayWrite: () => Promise<void>;
}

/** The output of an SSH channel, or of any pair of streams. */
export function execOutput({ stdout, stderr, signal, mayWrite }: OutputStreams): ExecOutput {
  const writeTo = async (target: Writable, chunk: string | Uint8Array) => {
    await mayWrite();
    signal.throwIfAborted();
    if (!target.write(chunk)) await once(target, 'drain', { signal });
  };
  return { signal, stdout: (chunk) => writeTo(stdout, chunk), stderr: (chunk) => writeTo(stderr, chunk) };
}
