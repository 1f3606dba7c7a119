// The feed of live changes, once per tab: it comes back by itself and says when what is known may be stale.
import { getEventMeta } from '@orpc/client';
import { useSyncExternalStore } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { isSignedOut } from '#console/web/src/api/fault.ts';
import { backoffMs } from '#shared/base/backoff.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { Change } from '#shared/model/change.ts';

export type LinkState = 'connecting' | 'live' | 'lost' | 'paused';

/** A console that restarts is back within seconds; a browser asleep must not hammer it. */
const BACKOFF = { baseMs: 1_000, capMs: 15_000, random: Math.random };
/** A fleet says something every minute. A connection this silent may be dead without a sign: a new one costs little. */
const SILENCE_MS = 90_000;
/** Browsers give an HTTP/1.1 console six connections in all: a tab nobody sees gives its one back. */
const HIDDEN_MS = 30_000;

type Listener<T> = (value: T) => void;

export class Feed {
  readonly #listeners = new Set<Listener<Change>>();
  readonly #stale = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  #link: LinkState = 'connecting';
  #lastEventId: string | undefined;

  /** Follows the feed until the returned function is called. */
  start(): () => void {
    const stop = new AbortController();
    void this.#follow(stop.signal);
    return () => stop.abort();
  }

  /** Every change, as it comes. */
  onChange(listener: Listener<Change>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lists may be stale: at every new connection, and when events were missed. */
  onStale(listener: () => void): () => void {
    this.#stale.add(listener);
    return () => this.#stale.delete(listener);
  }

  readonly watchLink = (listener: () => void): (() => void) => {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  };

  readonly link = (): LinkState => this.#link;

  #setLink(next: LinkState): void {
    if (next === this.#link) return;
    this.#link = next;
    for (const watcher of this.#watchers) watcher();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      const wasLive = await this.#connect(signal);
      if (signal.aborted) return;
      attempt = wasLive ? 0 : attempt + 1;
      this.#setLink('lost');
      // Only the signal rejects a sleep, and the loop looks at it.
      await systemClock.sleep(backoffMs(attempt, BACKOFF), signal).catch(() => undefined);
    }
  }

  /** One connection, to its end. True when it came to be. */
  async #connect(signal: AbortSignal): Promise<boolean> {
    await this.#untilVisible(signal);
    const pulse = new Pulse(signal);
    let isLive = false;
    try {
      const options = this.#lastEventId === undefined ? {} : { lastEventId: this.#lastEventId };
      const events = await api.system.changes(undefined, { signal: pulse.signal, ...options });
      isLive = true;
      this.#setLink('live');
      this.#tellStale();
      for await (const event of events) {
        pulse.beat();
        this.#lastEventId = getEventMeta(event)?.id ?? this.#lastEventId;
        if (event.kind === 'reset') this.#tellStale();
        else for (const listener of this.#listeners) listener(event);
      }
    } catch (error) {
      // The console is away or the pulse stopped: the mark says so and the loop comes back. A session that ended shows
      // in what is then read again.
      if (isSignedOut(error)) this.#tellStale();
    } finally {
      pulse.stop();
    }
    return isLive;
  }

  #tellStale(): void {
    for (const listener of this.#stale) listener();
  }

  async #untilVisible(signal: AbortSignal): Promise<void> {
    if (!document.hidden) return;
    this.#setLink('paused');
    await new Promise<void>((resolve) => {
      const done = () => {
        document.removeEventListener('visibilitychange', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      document.addEventListener('visibilitychange', done);
      signal.addEventListener('abort', done);
    });
  }
}

/** Ends a connection that went silent, or whose tab has been hidden for a while. */
class Pulse {
  readonly #controller = new AbortController();
  readonly signal: AbortSignal;
  #silence: ReturnType<typeof setTimeout>;
  #hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(outer: AbortSignal) {
    this.signal = AbortSignal.any([outer, this.#controller.signal]);
    this.#silence = this.#end(SILENCE_MS);
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  beat(): void {
    clearTimeout(this.#silence);
    this.#silence = this.#end(SILENCE_MS);
  }

  stop(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#hidden);
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hidden);
    if (document.hidden) this.#hidden = this.#end(HIDDEN_MS);
  };

  #end(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#controller.abort(), ms);
  }
}

export const feed = new Feed();

export const useLink = (): LinkState => useSyncExternalStore(feed.watchLink, feed.link);
