// Whose fault is it that a batch cannot be stored: its own (it is set aside) or the database's (it must come again)?
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';

/** SQLite names constraint and type errors; PostgreSQL's classes 22 (data) and 23 (integrity) say the same. */
const OF_THE_DATA = /^(SQLITE_CONSTRAINT|SQLITE_MISMATCH|SQLITE_TOOBIG|22|23)/;

/** Would storing the same batch again fail again, however healthy the database is? */
export function isFaultOfBatch(error: unknown): boolean {
  if (error instanceof AppError) return error.code !== 'unavailable' && error.code !== 'timed-out';
  if (error instanceof z.ZodError || error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && OF_THE_DATA.test(error.code);
}
