// One tab of a browser holds the feed and shares it with the others: a browser gives an HTTP/1.1 console six connections in all.
import type { Wish } from './wish.ts';

export type LinkState = 'connecting' | 'live' | 'lost' | 'paused';

/** What the tabs of one browser tell each other. */
export type TabMessage =
  /** A tab is there, or wants something else. */
  | { kind: 'tab'; tab: string; wish: Wish }
  /** A tab that just took the feed asks who is there. */
  | { kind: 'who' }
  | { kind: 'link'; link: LinkState }
  /** The feed is followed so, from this event on; undefined: from now on, without what came before. */
  | { kind: 'following'; wish: Wish; from: string | undefined }
  /** What came, still as text, and the id of the last of it. */
  | { kind: 'events'; texts: readonly string[]; id: string | undefined };

const NAME = 'rmm-feed';
const lockOf = (tab: string) => `${NAME} ${tab}`;

/** Locks exist in secure contexts, which every address of a console is that browsers may use; without them each tab stands alone. */
const locks = (): LockManager | undefined => ('BroadcastChannel' in globalThis ? navigator.locks : undefined);

/** Rejects only with the signal. */
const held = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function withLock(name: string, mode: LockMode, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const manager = locks();
  if (manager === undefined) return await work();
  try {
    await manager.request(name, { mode, signal }, work);
  } catch (error) {
    // The wait for the lock ends with the signal; what the work itself throws is not ours to hide.
    if (!signal.aborted) throw error;
  }
}

/** Waits for its turn, holds the feed for as long as `lead` takes. */
export const withLeadership = (signal: AbortSignal, lead: () => Promise<void>): Promise<void> =>
  withLock(NAME, 'exclusive', signal, lead);

/** Says that this tab is there until the signal: the lock is gone with the tab, however that ends. Resolves once it stands. */
export function showPresence(tab: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    withLock(lockOf(tab), 'exclusive', signal, () => {
      resolve();
      return held(signal);
    }).then(resolve, reject);
  });
}

/** Resolves when that tab is gone, or with the signal. */
export const untilGone = (tab: string, signal: AbortSignal): Promise<void> =>
  withLock(lockOf(tab), 'shared', signal, async () => undefined);

/** Heard by all other tabs of this browser, in order. */
export class TabChannel {
  readonly #channel = locks() === undefined ? undefined : new BroadcastChannel(NAME);

  constructor(onMessage: (message: TabMessage) => void) {
    // Only pages of this origin can speak here, and they are of this release: an older one is reloaded by its reader.
    if (this.#channel !== undefined) this.#channel.onmessage = ({ data }) => onMessage(data as TabMessage);
  }

  post(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  close(): void {
    this.#channel?.close();
  }
}
