// SFTP as promises that end with the caller's signal, and its failures as outcomes.
import type { Client, SFTPWrapper } from 'ssh2';
import { printable } from '#relay/transport/script-output.ts';
import { type Failure, fail } from '#shared/base/outcome.ts';

/** Status codes of the SFTP draft, version 3, section 7. */
const STATUS = { noSuchFile: 2, permissionDenied: 3, unsupported: 8 } as const;

type Done<T> = (error: (Error & { code?: number | string }) | null | undefined, value: T) => void;

/** One request; rejects with the server's error or the signal's reason. */
export function sftpCall<T>(signal: AbortSignal, start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const done: Done<T> = (error, value) => {
      signal.removeEventListener('abort', onAbort);
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    };
    try {
      // Throws where the server lacks an extension or the connection has gone.
      start(done);
    } catch (error) {
      done(error instanceof Error ? error : new Error('the request failed'), undefined as T); // the error is what counts
    }
  });
}

export const openSftp = (client: Client, signal: AbortSignal): Promise<SFTPWrapper> =>
  sftpCall<SFTPWrapper>(signal, (done) => client.sftp(done));

/** What a rejected call means; `path` is the caller's own. */
export function sftpFailure(path: string, error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return fail('cancelled', `${path}: stopped by us`);
  // Errors of ssh2 carry the status as their code; anything else has none and is told by its message.
  const { code, message } = error as Error & { code?: number };
  if (code === STATUS.noSuchFile) return fail('refused', `${path}: no such file`);
  if (code === STATUS.permissionDenied) return fail('denied', `${path}: permission denied`);
  if (code === STATUS.unsupported) return fail('unsupported', `${path}: the server cannot do this`);
  const said = printable(message);
  if (/subsystem|channel open/i.test(said)) return fail('unsupported', `${path}: no SFTP here: ${said}`);
  if (/no response|not connected|connection/i.test(said)) return fail('lost', `${path}: the connection was lost`);
  return fail('refused', `${path}: ${said}`);
}
