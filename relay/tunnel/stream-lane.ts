// The lane of sessions on the link: whoever has something to send waits in turn until the link has room for it.
import type { Clock } from '#shared/base/clock.ts';
import type { Stream } from '#shared/protocol/stream.ts';

/** What the lane needs of the link. */
export interface StreamLink {
  readonly hasStreamRoom: boolean;
  /** False when nobody is there. */
  tell(said: { type: 'STREAM'; body: Stream }): boolean;
}

/** When samples fill the socket no word comes that it drained; 50 looks a second cost nothing. */
const LOOK_MS = 20;

interface Waiting {
  body: Stream;
  isWanted: () => boolean;
  done: () => void;
}

export class StreamLane {
  readonly #link: () => StreamLink;
  readonly #clock: Clock;
  /** One entry for each attachment at most: each waits for its own. */
  #waiting: Waiting[] = [];
  #isLooking: boolean = false;

  constructor(deps: { link: () => StreamLink; clock: Clock }) {
    this.#link = deps.link;
    this.#clock = deps.clock;
  }

  /** Resolves once it is on its way, or not wanted any more. Who waits longest goes first. */
  send(body: Stream, isWanted: () => boolean): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ body, isWanted, done });
      this.pump();
    });
  }

  /** Small and urgent: credit and ends do not wait behind bytes. */
  tell(body: Stream): void {
    this.#link().tell({ type: 'STREAM', body });
  }

  /** The network has taken something, or the link is over. */
  readonly pump = (): void => {
    const link = this.#link();
    while (this.#waiting.length > 0) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      if (next.isWanted()) {
        if (!link.hasStreamRoom) {
          this.#lookAgain();
          return;
        }
        link.tell({ type: 'STREAM', body: next.body });
      }
      this.#waiting.shift();
      next.done();
    }
  };

  #lookAgain(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#clock.sleep(LOOK_MS).then(
      () => {
        this.#isLooking = false;
        this.pump();
      },
      () => undefined, // without a signal a sleep is not broken off
    );
  }
}
