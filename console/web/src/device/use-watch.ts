// While somebody looks at a device it is polled faster; the console forgets the wish by itself when nobody repeats it.
import { useEffect, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { systemClock } from '#shared/base/clock.ts';

/** Asked again well before the last wish ends. */
const REPEAT_AT = 0.6;
/** When the console did not answer. */
const RETRY_MS = 15_000;

async function watch(id: string, signal: AbortSignal, onInterval: (ms: number | undefined) => void): Promise<void> {
  while (!signal.aborted) {
    let waitMs = RETRY_MS;
    if (!document.hidden) {
      try {
        const { intervalMs, forMs } = await api.devices.watch({ id }, { signal });
        onInterval(intervalMs);
        waitMs = forMs * REPEAT_AT;
      } catch {
        // Slower polls are no fault worth a word; what is, the page's own reads say.
        onInterval(undefined);
      }
    }
    // Only the signal rejects a sleep, and the loop looks at it.
    await systemClock.sleep(waitMs, signal).catch(() => undefined);
  }
}

/** The interval the device is polled at meanwhile; undefined when it is the usual one. */
export function useWatch(id: string): number | undefined {
  const [intervalMs, setIntervalMs] = useState<number>();
  useEffect(() => {
    const stop = new AbortController();
    void watch(id, stop.signal, (ms) => {
      if (!stop.signal.aborted) setIntervalMs(ms);
    });
    return () => stop.abort();
  }, [id]);
  return intervalMs;
}
