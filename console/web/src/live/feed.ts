// The feed of live changes as one tab hears it: from its own connection, or from the tab that holds the browser's one.
import { useEffect, useSyncExternalStore } from 'react';
import type { Change } from '#shared/model/change.ts';
import { FeedLeader } from './feed-leader.ts';
import { untilVisible, whileAwake } from './pulse.ts';
import { type LinkState, showPresence, TabChannel, type TabMessage, withLeadership } from './tabs.ts';
import { gained, joinedWish, NO_WISH, type Wish } from './wish.ts';

export type { LinkState } from './tabs.ts';

/** What may be stale: everything, or only what was not followed before. */
export type Stale = { kind: 'all' } | { kind: 'some'; wish: Wish };

type Listener<T> = (value: T) => void;

const FLEET_TEXT = '{"kind":"glances"';

export class Feed {
  readonly #tab = crypto.randomUUID();
  readonly #listeners = new Set<Listener<Change>>();
  readonly #stale = new Set<Listener<Stale>>();
  readonly #watchers = new Set<() => void>();
  /** One for each page or part that wants something, by identity. */
  readonly #wishes = new Set<Wish>();
  #link: LinkState = 'connecting';
  #lastId: string | undefined;
  /** What the connection follows that this tab hears. */
  #followed: Wish = NO_WISH;
  #awake: { channel: TabChannel; leader: FeedLeader | undefined; signal: AbortSignal } | undefined;

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

  /** Lists may be stale: when the feed begins, and when events were missed. */
  onStale(listener: Listener<Stale>): () => void {
    this.#stale.add(listener);
    return () => this.#stale.delete(listener);
  }

  /** Asks for what not everybody is told, until the returned function is called. */
  want(wish: Partial<Wish>): () => void {
    const whole = { ...NO_WISH, ...wish };
    this.#wishes.add(whole);
    this.#tellWish();
    return () => {
      this.#wishes.delete(whole);
      this.#tellWish();
    };
  }

  readonly watchLink = (listener: () => void): (() => void) => {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  };

  readonly link = (): LinkState => this.#link;

  get #wish(): Wish {
    return joinedWish(this.#wishes);
  }

  #setLink(next: LinkState): void {
    if (next === this.#link) return;
    this.#link = next;
    for (const watcher of this.#watchers) watcher();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (document.hidden) this.#setLink('paused');
      await untilVisible(signal);
      if (!signal.aborted) await this.#stayAwake(whileAwake(signal));
    }
  }

  /** While somebody sees this tab: it hears the others and waits for its turn to hold the connection. */
  async #stayAwake(signal: AbortSignal): Promise<void> {
    const channel = new TabChannel((message) => this.#hear(message));
    const awake = { channel, leader: undefined, signal };
    this.#awake = awake;
    this.#followed = NO_WISH;
    this.#setLink('connecting');
    try {
      await showPresence(this.#tab, signal);
      this.#tellWish();
      await withLeadership(signal, () => this.#lead(awake));
    } finally {
      this.#awake = undefined;
      channel.close();
    }
  }

  async #lead(awake: { channel: TabChannel; leader: FeedLeader | undefined; signal: AbortSignal }): Promise<void> {
    const hear = (message: TabMessage) => this.#hear(message);
    const tell = (message: TabMessage) => {
      awake.channel.post(message);
      hear(message);
    };
    const onSignedOut = () => this.#tellStale({ kind: 'all' });
    const deps = { tab: this.#tab, wish: this.#wish, lastId: this.#lastId, tell, hear, onSignedOut };
    awake.leader = new FeedLeader(deps);
    await awake.leader.run(awake.signal);
  }

  #tellWish(): void {
    if (this.#awake === undefined) return;
    const { channel, leader, signal } = this.#awake;
    if (leader === undefined) channel.post({ kind: 'tab', tab: this.#tab, wish: this.#wish });
    else leader.takeWish(this.#tab, this.#wish, signal);
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case 'tab':
        this.#awake?.leader?.takeWish(message.tab, message.wish, this.#awake.signal);
        return;
      case 'who':
        if (this.#awake?.leader === undefined) this.#tellWish();
        return;
      case 'link':
        this.#setLink(message.link);
        return;
      case 'following':
        this.#takeFollowing(message.wish, message.from);
        return;
      case 'events':
        for (const text of message.texts) this.#takeText(text);
        this.#lastId = message.id ?? this.#lastId;
        return;
    }
  }

  #takeFollowing(next: Wish, from: string | undefined): void {
    const more = gained(this.#wish, this.#followed, next);
    this.#followed = next;
    // Whoever was told everything up to where the connection goes on has missed nothing.
    if (from === undefined || from !== this.#lastId) this.#tellStale({ kind: 'all' });
    else if (more.fleet || more.watch.length > 0) this.#tellStale({ kind: 'some', wish: more });
    this.#lastId = from ?? this.#lastId;
  }

  #takeText(text: string): void {
    // Another tab's fleet: a large text that nothing here would read.
    if (text.startsWith(FLEET_TEXT) && !this.#wish.fleet) return;
    // The console's own words, which the contract describes; it checks them where it makes them.
    const told = JSON.parse(text) as Change | { kind: 'reset' };
    if (told.kind === 'reset') this.#tellStale({ kind: 'all' });
    else for (const listener of this.#listeners) listener(told);
  }

  #tellStale(stale: Stale): void {
    for (const listener of this.#stale) listener(stale);
  }
}

export const feed = new Feed();

export const useLink = (): LinkState => useSyncExternalStore(feed.watchLink, feed.link);

/** While the page shows the fleet, or parts of it, with live numbers. */
export function useFleetFeed(): void {
  useEffect(() => feed.want({ fleet: true }), []);
}

/** While the page shows all values of a device. */
export function useDeviceFeed(id: string): void {
  useEffect(() => feed.want({ watch: [id] }), [id]);
}
