// Takes what the console hands over one after the other, and no more of it at once than this machine can hold.
import { AppError } from '#shared/base/errors.ts';
import { textSize } from '#shared/base/text-size.ts';

/** Text that waits for its proof or is being proven: all that an honest console sends after an outage, not the memory of this machine. */
const MAX_WAITING = 32 * 1024 * 1024;

export interface Turns<T> {
  take: (one: T) => Promise<void>;
  /** Tells of one that came when too many waited; it counts for nothing and has to be sent again. */
  refuse: (error: AppError) => void;
}

/** Two at once could each be newer than what is held, and the older one be written last. */
export function inTurn<T>({ take, refuse }: Turns<T>): (one: T) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  return async (one) => {
    const size = textSize(one);
    if (waiting + size > MAX_WAITING)
      return refuse(new AppError('rate-limited', 'too much of this kind came at once: send it again'));
    waiting += size;
    const turn = last.then(() => take(one)).finally(() => (waiting -= size));
    last = turn.catch(() => undefined); // who hears of it is the caller; the next in line must be taken
    return turn;
  };
}
