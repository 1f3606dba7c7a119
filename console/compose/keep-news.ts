// Writes what links learned of their relays every two seconds; a write that fails is logged, and the next one follows.
import type { ConsoleDesk } from '#console/gateway/console-desk.ts';
import type { LinkRegistry } from '#console/gateway/link-registry.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { Logger } from '#shared/runtime/logger.ts';

/** News of links (seen, skew, versions) are written at most this often; people do not read faster. */
const NEWS_MS = 2_000;

export interface NewsParts {
  clock: Clock;
  desk: Pick<ConsoleDesk, 'flushNews'>;
  registry: Pick<LinkRegistry, 'relays'>;
  log: Logger;
}

/** Until the signal aborts. */
export async function keepNews({ clock, desk, registry, log }: NewsParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(NEWS_MS, signal).catch(() => undefined); // stopped
    try {
      await desk.flushNews(registry.relays());
    } catch (error) {
      log.error(describeError(error), 'news of the links could not be written');
    }
  }
}
