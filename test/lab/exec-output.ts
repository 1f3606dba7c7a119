// Where a simulated command writes: it waits while the reader is slow, and stops when the reader has gone.
import { once } from 'node:events';
import type { Writable } from 'node:stream';

export interface ExecOutput {
  /** Aborts when the channel or the connection has ended. */
  readonly signal: AbortSignal;
  stdout(chunk: string | Uint8Array): Promise<void>;
  stderr(chunk: string | Uint8Array): Promise<void>;
}

async function writeTo(target: Writable, chunk: string | Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!target.write(chunk)) await once(target, 'drain', { signal });
}

/** The output of an SSH channel, or of any pair of streams. */
export const execOutput = (stdout: Writable, stderr: Writable, signal: AbortSignal): ExecOutput => ({
  signal,
  stdout: (chunk) => writeTo(stdout, chunk, signal),
  stderr: (chunk) => writeTo(stderr, chunk, signal),
});
