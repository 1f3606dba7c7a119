// Lines to standard error: written before anything goes on, so that a crash loses none, and by nobody who reads them held up for long.
import { writeSync } from 'node:fs';

/** A reader that is merely slow has made room by then. */
const PAUSE_MS = 2;
/** One that reads nothing for so long is stuck: from then on lines are tried once each, and those that are lost are counted. */
const PATIENCE_MS = 1_000;

export interface ErrorStream {
  /** Takes some of the bytes and says how many; throws, with the code EAGAIN while there is no room. */
  write: (bytes: Uint8Array) => number;
  /** Holds the whole program: what a crash follows at once must be out before it. */
  pause: (ms: number) => void;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** `lostLine`: says how many lines nobody took; written before the next one that somebody takes. */
export function lineWriter(stream: ErrorStream, lostLine: (count: number) => string): (line: string) => void {
  let lost = 0;
  let isStuck = false;
  let isCut = false;
  /** How many bytes were taken. */
  const put = (bytes: Uint8Array): number => {
    let at = 0;
    let waitedMs = 0;
    while (at < bytes.length) {
      try {
        at += stream.write(bytes.subarray(at));
      } catch (error) {
        // Nobody reads any more (EPIPE), or not now: the program goes on either way.
        isStuck ||= codeOf(error) !== 'EAGAIN' || waitedMs >= PATIENCE_MS;
        if (isStuck) return at;
        stream.pause(PAUSE_MS);
        waitedMs += PAUSE_MS;
      }
    }
    isStuck = false;
    return at;
  };
  return (line) => {
    // Half a line stays half a line, and the next one is whole.
    const before = `${isCut ? '\n' : ''}${lost === 0 ? '' : lostLine(lost)}`;
    const bytes = Buffer.from(before + line);
    const taken = put(bytes);
    if (taken > 0) isCut = taken < bytes.length && bytes[taken - 1] !== 0x0a;
    lost = taken === bytes.length ? 0 : lost + 1;
  };
}

const STANDARD_ERROR = 2;
const cell = new Int32Array(new SharedArrayBuffer(4));

/** Node's own stream keeps in memory what a pipe does not take at once, and a crash loses all of that. */
export const standardErrorStream: ErrorStream = {
  write: (bytes) => writeSync(STANDARD_ERROR, bytes),
  pause: (ms) => void Atomics.wait(cell, 0, 0, ms),
};
