// Which rule of the database a change broke: what two people do at the same moment is a conflict, not a fault of ours.
import { AppError } from '#shared/base/errors.ts';

/** `taken`: a name that must be there once is there. `gone`: what it belongs to was removed. */
export type BrokenRule = 'taken' | 'gone';

const CODES: Readonly<Record<string, BrokenRule | undefined>> = {
  SQLITE_CONSTRAINT_UNIQUE: 'taken',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'taken',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'gone',
  '23505': 'taken',
  '23503': 'gone',
};

/** For `.catch()` behind a transaction: throws a `conflict` with these words where they fit, and what came otherwise. */
export function conflictWhen(words: Partial<Record<BrokenRule, string>>): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
    const rule = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
    const message = rule === undefined ? undefined : words[rule];
    throw message === undefined ? error : new AppError('conflict', message, { cause: error });
  };
}
