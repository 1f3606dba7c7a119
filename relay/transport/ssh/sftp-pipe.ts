// Bytes of an open file over SFTP, several pieces under way at once: a piece at a time would cost a round trip each.
import type { SFTPWrapper } from 'ssh2';
import type { FileSink, FileSource } from '#relay/transport/remote-files.ts';
import { sftpCall } from './sftp-call.ts';

// 255 KiB: the most that OpenSSH takes or gives at once; one byte more and the library asks twice, one after the other.
const PIECE_BYTES = 261_120;
// 8 under way: 2 MB, which is what a channel's window holds.
const DEPTH = 8;

interface Span {
  offset: number;
  length: number;
}

export class SftpPipe {
  readonly #sftp: SFTPWrapper;
  readonly #handle: Buffer;

  constructor(sftp: SFTPWrapper, handle: Buffer) {
    this.#sftp = sftp;
    this.#handle = handle;
  }

  /** Until the length or the end of the file, in order. */
  async read({ offset, length }: Span, sink: FileSink, signal: AbortSignal): Promise<void> {
    const end = offset + length;
    const ahead: { span: Span; piece: Promise<Buffer> }[] = [];
    let asked = offset;
    const ask = () => {
      const span = { offset: asked, length: Math.min(PIECE_BYTES, end - asked) };
      asked += span.length;
      const piece = this.#readOnce(span, signal);
      // Listened to from the start: it may fail while an earlier one is awaited.
      piece.catch(() => undefined);
      ahead.push({ span, piece });
    };
    for (;;) {
      while (asked < end && ahead.length < DEPTH) ask();
      const next = ahead.shift();
      if (next === undefined) return;
      if (!(await this.#deliver(next.span, await next.piece, sink, signal))) return;
    }
  }

  /** All of the source, from the beginning of the file. */
  async write(source: FileSource, onProgress: (doneBytes: number) => void, signal: AbortSignal): Promise<void> {
    const underWay: Promise<void>[] = [];
    let at = 0;
    for (;;) {
      const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
      const length = await fill(source, piece);
      if (length > 0) {
        const offset = at;
        const done = sftpCall<unknown>(signal, (settled) =>
          this.#sftp.write(this.#handle, piece, 0, length, offset, (error) => settled(error, undefined)),
        ).then(() => onProgress(offset + length));
        done.catch(() => undefined);
        underWay.push(done);
        at += length;
      }
      if (length < PIECE_BYTES) break;
      if (underWay.length >= DEPTH) await underWay.shift();
    }
    await Promise.all(underWay);
  }

  /** False at the end of the file. A server may give less than it was asked for. */
  async #deliver(span: Span, first: Buffer, sink: FileSink, signal: AbortSignal): Promise<boolean> {
    let piece = first;
    let done = 0;
    while (piece.length > 0) {
      const taken = sink(piece);
      if (taken !== undefined) await taken;
      done += piece.length;
      if (done >= span.length) return true;
      piece = await this.#readOnce({ offset: span.offset + done, length: span.length - done }, signal);
    }
    return false;
  }

  async #readOnce({ offset, length }: Span, signal: AbortSignal): Promise<Buffer> {
    const into = Buffer.allocUnsafeSlow(length);
    const count = await sftpCall<number>(signal, (done) =>
      this.#sftp.read(this.#handle, into, 0, length, offset, done),
    );
    return into.subarray(0, count);
  }
}

/** Until it is full or nothing is left. */
async function fill(source: FileSource, into: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const count = await source.read(into.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
