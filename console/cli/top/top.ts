// The loop of the live screen: reads the console every two seconds, draws at once when a key is pressed.

import { type Api, toAppError } from '#console/cli/client.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { Overview } from '#shared/contract/system-contract.ts';
import { painter } from './cell-text.ts';
import { keysOf } from './keys.ts';
import { listHeight, render } from './render.ts';
import { Screen, type Size } from './screen.ts';
import { readView, type ViewData } from './top-data.ts';
import { FIRST, press, scrolled, type TopState } from './top-state.ts';

/** As often as the numbers of a fleet change for a person. */
const READ_MS = 2_000;

export interface Terminal {
  size: () => Size;
  write: (text: string) => void;
  /** Calls back with what was typed. Returns how to stop. */
  onInput: (take: (text: string) => void) => () => void;
  onResize: (take: () => void) => () => void;
  isPlain: boolean;
}

export class Top {
  readonly #api: Api;
  readonly #clock: Clock;
  readonly #terminal: Terminal;
  readonly #screen: Screen;
  #state: TopState = FIRST;
  #estate: Overview | undefined;
  #data: ViewData | undefined;
  #fault: string | undefined;
  /** Counts reads: an answer to an older question is not shown. */
  #asked = 0;
  readonly #over = new AbortController();
  /** What broke outside the loop, where nobody else would hear of it. */
  #broken: { error: unknown } | undefined;

  constructor(deps: { api: Api; clock: Clock; terminal: Terminal }) {
    this.#api = deps.api;
    this.#clock = deps.clock;
    this.#terminal = deps.terminal;
    this.#screen = new Screen({ write: deps.terminal.write });
  }

  /** Until `q` or Ctrl-C. Throws what broke, after the terminal is given back. */
  async run(): Promise<void> {
    const { onInput, onResize } = this.#terminal;
    const stops: Array<() => void> = [];
    this.#screen.enter();
    try {
      stops.push(onInput((text) => this.#guarded(() => this.#take(text))));
      stops.push(onResize(() => this.#guarded(() => this.#resized())));
      this.#draw();
      while (!this.#over.signal.aborted) {
        await this.#read();
        await this.#clock.sleep(READ_MS, this.#over.signal).catch(() => undefined); // only the signal rejects a sleep
      }
    } finally {
      for (const stop of stops) stop();
      this.#screen.leave();
    }
    if (this.#broken !== undefined) throw this.#broken.error;
  }

  /** Ends the screen as `q` does: somebody stops the program. */
  stop(): void {
    this.#over.abort();
  }

  /** For what the terminal and answers call: a fault ends the screen, for one that stays would lock the terminal. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#broken ??= { error };
      this.#over.abort();
    }
  }

  #resized(): void {
    this.#screen.forget();
    this.#draw();
  }

  #take(text: string): void {
    const before = this.#state;
    for (const key of keysOf(text)) this.#state = press(this.#state, key, this.#shown());
    const { view, filter, sort, device, isOver } = this.#state;
    if (isOver) {
      this.#over.abort();
      return;
    }
    const isOther =
      view !== before.view || filter !== before.filter || sort !== before.sort || device !== before.device;
    if (isOther) {
      this.#data = undefined;
      void this.#read();
    }
    this.#draw();
  }

  /** Never rejects: what went wrong is a line of the screen. */
  async #read(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const state = this.#state;
    // The head and the list fail apart: one that is slow or refused leaves the other in sight.
    const estate = this.#api.system.overview();
    const [head, list] = await Promise.allSettled([estate, readView(this.#api, state, estate, this.#clock.now())]);
    if (asked !== this.#asked || this.#over.signal.aborted) return;
    this.#guarded(() => this.#answered(head, list));
  }

  #answered(head: PromiseSettledResult<Overview>, list: PromiseSettledResult<ViewData>): void {
    if (head.status === 'fulfilled') this.#estate = head.value;
    if (list.status === 'fulfilled') this.#data = list.value;
    const failed = [list, head].find((one) => one.status === 'rejected');
    this.#fault = failed === undefined ? undefined : toAppError(failed.reason).message;
    this.#state = scrolled(this.#state, this.#shown());
    this.#draw();
  }

  #shown() {
    return { ids: this.#data?.rows.map((row) => row.id) ?? [], height: listHeight(this.#terminal.size()) };
  }

  #draw(): void {
    const time = new Date(this.#clock.now());
    const clock = time.toLocaleTimeString('en-GB');
    const scene = { state: this.#state, estate: this.#estate, data: this.#data, fault: this.#fault };
    this.#screen.draw(render({ ...scene, size: this.#terminal.size(), clock }, painter(this.#terminal.isPlain)));
  }
}
