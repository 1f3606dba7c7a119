// A dial that ends in time, whatever is at the other end.
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Dial, LinkHandlers, LinkSocket } from './link-socket.ts';

/** TCP, proxy, TLS and upgrade; a link to the moon takes 3 s each way. */
const DIAL_MS = 20_000;

export async function dialInTime(
  { clock, dial }: { clock: Clock; dial: Dial },
  handlers: LinkHandlers,
  over: AbortSignal,
): Promise<LinkSocket> {
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(DIAL_MS, done.signal).then(
    () => late.abort(new AppError('timed-out', `no connection within ${DIAL_MS} ms`)),
    () => undefined, // connected or refused in time
  );
  try {
    return await dial(handlers, AbortSignal.any([late.signal, over]));
  } finally {
    done.abort();
  }
}
