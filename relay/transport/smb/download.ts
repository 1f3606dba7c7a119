// A file down: reads ahead of the sink as far as the window goes, hands the pieces over in order, hashes them on the way.
import { createHash } from 'node:crypto';
import { CREDIT_BYTES } from './credits.ts';
import { type Piece, readAt } from './file-io.ts';
import type { Opened } from './opened.ts';
import type { Share } from './share.ts';
import { SmbError } from './smb-fault.ts';
import type { DownloadOptions, SmbTransfer } from './smb-files.ts';

export interface Window {
  /** Bytes of one read or write. */
  pieceBytes: number;
  /** So many under way at once. */
  depth: number;
}

export type Sink = (chunk: Uint8Array) => Promise<void> | undefined;

/** As large as credits allow: a request that costs more than the server ever gave would wait for ever. */
export function fitted(window: Window, share: Share): Window {
  const affordable = Math.max(1, share.channel.credits.total - 1) * CREDIT_BYTES;
  return { ...window, pieceBytes: Math.min(window.pieceBytes, affordable) };
}

interface Span {
  offset: number;
  length: number;
}

export interface DownloadJob {
  share: Share;
  opened: Opened;
  window: Window;
  sink: Sink;
  options: DownloadOptions;
}

/** One piece may need several reads: a server may give less than it was asked for. */
async function deliver(job: DownloadJob, span: Span, first: Piece | undefined, signal: AbortSignal): Promise<number> {
  let done = 0;
  let piece = first;
  while (piece !== undefined) {
    done += piece.data.length;
    const taken = job.sink(piece.data);
    if (taken !== undefined) await taken;
    piece.release();
    if (done >= span.length) break;
    const rest = { offset: span.offset + done, length: span.length - done };
    piece = await readAt(job.share, job.opened.id, rest, signal);
  }
  return done;
}

/** Reads what was there when the file was opened, or until it ends before. */
export async function downloadOpened(job: DownloadJob, signal: AbortSignal): Promise<SmbTransfer> {
  const { share, opened, options } = job;
  const { sizeBytes } = opened.entry;
  const begin = options.from?.offset ?? 0;
  if (sizeBytes > options.maxBytes) throw new SmbError('too-large', `${sizeBytes} bytes, over ${options.maxBytes}`);
  const hash = options.from?.hash ?? createHash('sha256');
  const sink: Sink = (chunk) => {
    hash.update(chunk);
    return job.sink(chunk);
  };
  // Aborted when this ends early: what was read ahead is of no use then.
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const window = fitted(job.window, share);
  const ahead: { span: Span; piece: Promise<Piece | undefined> }[] = [];
  let asked = begin;
  let done = begin;
  try {
    for (;;) {
      while (asked < sizeBytes && ahead.length < window.depth) {
        const span = { offset: asked, length: Math.min(window.pieceBytes, sizeBytes - asked) };
        const piece = readAt(share, opened.id, span, either);
        // Listened to from the start: it may fail while an earlier one is awaited.
        piece.catch(() => undefined);
        ahead.push({ span, piece });
        asked += span.length;
      }
      const next = ahead.shift();
      if (next === undefined) break;
      const got = await deliver({ ...job, sink }, next.span, await next.piece, either);
      done += got;
      options.onProgress?.({ doneBytes: done, totalBytes: sizeBytes });
      if (got < next.span.length) break;
    }
  } finally {
    stop.abort();
    share.channel.rest();
  }
  return { sizeBytes: done, sha256: hash.digest('hex') };
}
