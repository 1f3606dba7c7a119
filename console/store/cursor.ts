// Opaque cursors of lists: the sort key of the last row of a page, so that a page never moves when rows are added.
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

export interface PageOf<T> {
  items: T[];
  nextCursor: string | null;
}

/** The cursor of a key, for lists that page in their own way. */
export const writeCursor = (key: ReadonlyArray<string | number>): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** The key inside a cursor, checked against `schema`; a cursor of another list or a forged one is a bad request. */
export function readCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new AppError('bad-request', 'the cursor is not one of this list', { cause });
  }
}

/** Cuts `rows`, read with limit + 1, to a page; the extra row says that there is more. */
export function pageFrom<R, T>(
  rows: readonly R[],
  limit: number,
  toItem: (row: R) => T,
  toKey: (row: R) => ReadonlyArray<string | number>,
): PageOf<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? writeCursor(toKey(last)) : null,
  };
}

/** Key of lists whose rows count up, newest first. */
export const SeqKey = z.tuple([z.int()]);
/** Key of lists ordered by a text and an id. */
export const TextKey = z.tuple([z.string(), z.string()]);
/** Key of lists ordered by a time and an id. */
export const TimeKey = z.tuple([z.int(), z.string()]);

/** Where a list ordered by time and id, newest first, goes on. */
export interface TimeBound {
  at: number;
  /** Rows of the time itself: `all` of them, `none`, or those below this id. */
  of: 'all' | 'none' | { below: string | number };
}

/** For `where()`, in words by which both engines begin at the bound's place in an index. */
export function olderThan(bound: TimeBound, at: string, id: string): RawBuilder<SqlBool> {
  if (bound.of === 'all') return sql<SqlBool>`${sql.ref(at)} <= ${bound.at}`;
  if (bound.of === 'none') return sql<SqlBool>`${sql.ref(at)} < ${bound.at}`;
  return sql<SqlBool>`(${sql.ref(at)}, ${sql.ref(id)}) < (${bound.at}, ${bound.of.below})`;
}
