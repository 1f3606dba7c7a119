// The process with the offline run's relays, as the run sees it: orders out, news in.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { OfflineNews, type OfflineOrder } from './offline-message.ts';
import type { LiveBatch } from './offline-relay.ts';

type NewsOf<K extends OfflineNews['kind']> = Extract<OfflineNews, { kind: K }>;

export class OfflineSite {
  readonly #child: ChildProcess;
  readonly #heard: OfflineNews[] = [];
  #wake: (() => void) | undefined;
  /** Live batches that were committed and are not looked at yet. */
  readonly live: LiveBatch[] = [];

  constructor() {
    const script = fileURLToPath(new URL('./offline-child.ts', import.meta.url));
    this.#child = fork(script, [], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (message) => {
      const news = OfflineNews.parse(message);
      if (news.kind === 'live') this.live.push(news);
      else this.#heard.push(news);
      this.#wake?.();
    });
    this.#child.once('exit', () => this.#wake?.());
    this.#child.once('disconnect', () => this.#wake?.());
  }

  send(order: OfflineOrder): void {
    this.#child.send(order);
  }

  /** Waits for an answer; throws when the process ends instead. */
  async heard<K extends OfflineNews['kind']>(kind: K): Promise<NewsOf<K>> {
    for (;;) {
      const news = this.#heard.find((one): one is NewsOf<K> => one.kind === kind);
      if (news !== undefined) return news;
      if (this.#child.exitCode !== null || !this.#child.connected)
        throw new Error(`the relays ended before they were ${kind}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL'); // its work is done or void: an orderly end is asked for by `stop`
    await gone;
  }
}
