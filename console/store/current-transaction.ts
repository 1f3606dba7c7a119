// The transaction the running code is in: refuses what would wait for itself, and keeps what shall happen after the commit.
import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from '#shared/base/errors.ts';

/** An object, because work that a transaction merely starts outlives it and must see that it ended. */
interface Mark {
  isOpen: boolean;
  afterCommit: Array<() => void>;
}

const current = new AsyncLocalStorage<Mark>();

export const isInTransaction = (): boolean => current.getStore()?.isOpen === true;

/** Runs `fn` once the transaction of the calling code is durable; never when it is undone. It must not throw. */
export function afterCommit(fn: () => void): void {
  const mark = current.getStore();
  if (mark === undefined || !mark.isOpen) throw new AppError('internal', 'store: afterCommit outside a transaction');
  mark.afterCommit.push(fn);
}

/** Runs `execute` with `fn`'s code marked as inside; then, when all is committed, what it left for afterwards. */
export async function markTransaction<T>(
  execute: (enter: <R>(fn: () => Promise<R>) => Promise<R>) => Promise<T>,
): Promise<T> {
  const mark: Mark = { isOpen: true, afterCommit: [] };
  let result: T;
  try {
    result = await execute((fn) => current.run(mark, fn));
  } finally {
    mark.isOpen = false;
  }
  for (const fn of mark.afterCommit) fn();
  return result;
}
