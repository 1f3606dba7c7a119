// The one connection of a browser to the feed: it comes back by itself, resumes where it was, and follows what all tabs want.
import { apiPrefix } from 'virtual:contract-routes';
import { backoffMs } from '#shared/base/backoff.ts';
import { systemClock } from '#shared/base/clock.ts';
import { Pulse } from './pulse.ts';
import { sseBlocks } from './sse-reader.ts';
import { type LinkState, type TabMessage, untilGone } from './tabs.ts';
import { covers, joinedWish, NO_WISH, type Wish, wishQuery } from './wish.ts';

/** A console that restarts is back within seconds; a browser asleep must not hammer it. */
const BACKOFF = { baseMs: 1_000, capMs: 15_000, random: Math.random };
/** A page that is left is often come back to; following what nobody shows for this long costs less than a new connection each time. */
const LINGER_MS = 60_000;

interface LeaderDeps {
  tab: string;
  wish: Wish;
  lastId: string | undefined;
  /** To this tab and all others. */
  tell: (message: TabMessage) => void;
  /** To this tab alone. */
  hear: (message: TabMessage) => void;
  /** The console wants a person to sign in. */
  onSignedOut: () => void;
}

export class FeedLeader {
  readonly #deps: LeaderDeps;
  readonly #wishes = new Map<string, Wish>();
  #lastId: string | undefined;
  #link: LinkState = 'connecting';
  /** What the present connection follows. */
  #followed: Wish = NO_WISH;
  #reconnect: AbortController | undefined;
  #shrink: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: LeaderDeps) {
    this.#deps = deps;
    this.#lastId = deps.lastId;
    this.#wishes.set(deps.tab, deps.wish);
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#deps.tell({ kind: 'who' });
    let attempt = 0;
    while (!signal.aborted) {
      const end = await this.#connect(signal);
      if (signal.aborted) break;
      if (end === 'for-more') continue;
      attempt = end === 'was-live' ? 0 : attempt + 1;
      this.#setLink('lost');
      // Only the signal rejects a sleep, and the loop looks at it.
      await systemClock.sleep(backoffMs(attempt, BACKOFF), signal).catch(() => undefined);
    }
    clearTimeout(this.#shrink);
  }

  /** What a tab wants; `signal` is the leader's own. */
  takeWish(tab: string, wish: Wish, signal: AbortSignal): void {
    if (!this.#wishes.has(tab))
      void untilGone(tab, signal).then(() => {
        this.#wishes.delete(tab);
        this.#shrinkLater();
      });
    this.#wishes.set(tab, wish);
    const all = joinedWish(this.#wishes.values());
    if (!covers(this.#followed, all)) this.#reconnect?.abort();
    else {
      this.#tellState();
      this.#shrinkLater();
    }
  }

  #shrinkLater(): void {
    this.#shrink ??= setTimeout(() => {
      this.#shrink = undefined;
      if (!covers(joinedWish(this.#wishes.values()), this.#followed)) this.#reconnect?.abort();
    }, LINGER_MS);
  }

  #setLink(link: LinkState): void {
    this.#link = link;
    this.#deps.tell({ kind: 'link', link });
  }

  /** For a tab that came later. */
  #tellState(): void {
    if (this.#link === 'live') this.#deps.tell({ kind: 'following', wish: this.#followed, from: this.#lastId });
    this.#deps.tell({ kind: 'link', link: this.#link });
  }

  /** One connection, to its end. */
  async #connect(signal: AbortSignal): Promise<'was-live' | 'never' | 'for-more'> {
    const pulse = new Pulse();
    const reconnect = new AbortController();
    this.#reconnect = reconnect;
    this.#followed = joinedWish(this.#wishes.values());
    let isLive = false;
    try {
      const ended = AbortSignal.any([signal, pulse.signal, reconnect.signal]);
      const body = await this.#open(ended);
      if (body === undefined) return 'never';
      isLive = true;
      this.#deps.tell({ kind: 'following', wish: this.#followed, from: this.#lastId });
      if (this.#link !== 'live') this.#setLink('live');
      await this.#read(body, pulse);
    } catch {
      // The console is away or one of the signals ended it: the mark says so and the loop comes back.
    } finally {
      pulse.stop();
    }
    if (reconnect.signal.aborted) return 'for-more';
    return isLive ? 'was-live' : 'never';
  }

  async #open(signal: AbortSignal): Promise<ReadableStream<Uint8Array> | undefined> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.#lastId !== undefined) headers['last-event-id'] = this.#lastId;
    const answer = await fetch(`${apiPrefix}/changes?${wishQuery(this.#followed)}`, { headers, signal });
    if (answer.status === 401) this.#deps.onSignedOut();
    return answer.ok ? (answer.body ?? undefined) : undefined;
  }

  async #read(body: ReadableStream<Uint8Array>, pulse: Pulse): Promise<void> {
    for await (const { data, id } of sseBlocks(body)) {
      pulse.beat();
      this.#lastId = id ?? this.#lastId;
      const events = { kind: 'events', texts: data === undefined ? [] : [data], id } as const;
      // The fleet is a large text, which the browser would copy for nobody. A tab that comes is told from where on it hears.
      if (this.#wishes.size > 1) this.#deps.tell(events);
      else this.#deps.hear(events);
    }
  }
}
