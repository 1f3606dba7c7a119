// The one error of reading: it names day, thing and reason, and is no reason to stop reading the rest.
import { AppError, describeError } from '#shared/base/errors.ts';
import { dayText } from './day-paths.ts';
import type { Day } from './day-store.ts';

export const damaged = (day: Day, what: string, cause?: unknown): AppError =>
  new AppError(
    'frame-malformed',
    `day ${dayText(day)}: ${what}${cause === undefined ? '' : `: ${describeError(cause).message}`}`,
    cause === undefined ? undefined : { cause },
  );

/** What a full disk says, of SQLite and of the file system. */
const FULL: ReadonlySet<unknown> = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT']);

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

export const isDiskFull = (error: unknown): boolean => FULL.has(codeOf(error));

/** SQLite found its own pages changed, or no database at all. */
export const isDamage = (error: unknown): boolean => {
  const code = codeOf(error);
  return typeof code === 'string' && /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(code);
};

/** Of the machine, not of the file: the next try may go well. */
const OF_THE_MACHINE = /^SQLITE_(BUSY|LOCKED|FULL|NOMEM|CANTOPEN|PERM|AUTH|IOERR(?!_SHORT_READ))/;

/** Whatever else SQLite says of a file that it is to open, such as that tables are missing: a turned bit in its head says many things. */
export const isUnfit = (error: unknown): boolean => {
  const code = codeOf(error);
  return typeof code === 'string' && code.startsWith('SQLITE_') && !OF_THE_MACHINE.test(code);
};

/** The file system's words for the same. */
const OF_THE_SYSTEM: ReadonlySet<unknown> = new Set([
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
  'EBUSY',
  'EACCES',
  'EPERM',
]);

/** What was asked for could not be read now: nothing says that the disk changed it, so nobody may write over it. */
export function isUnread(error: unknown): boolean {
  const code = codeOf(error instanceof AppError ? error.cause : error);
  return OF_THE_SYSTEM.has(code) || (typeof code === 'string' && OF_THE_MACHINE.test(code));
}

/** A write that did not happen, with the code that says whether there was no room. */
export function failedWrite(day: Day, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDiskFull(error)) return new AppError('disk-full', `day ${dayText(day)}: no room on the disk`, { cause: error });
  if (isDamage(error)) return damaged(day, 'its file is damaged', error);
  return new AppError('internal', `day ${dayText(day)}: ${describeError(error).message}`, { cause: error });
}
