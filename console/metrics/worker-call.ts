// What a call of the metrics worker is: a query, which is answered at once, or work, which gives way to queries.
import type { DayKeeper, DayStore } from '#shared/day-files/day-store.ts';

export interface CallContext {
  readonly store: DayStore & DayKeeper;
  /** Where the store lies. */
  readonly folder: string;
  /** Aborts when the asker has gone. */
  readonly signal: AbortSignal;
  /**
   * To be awaited between pieces of a millisecond or so: returns at once while the slice lasts, else lets others have their turn.
   * Throws the signal's reason when nobody waits any more. Nothing of a transaction may be open meanwhile.
   */
  giveWay(): Promise<void>;
}

export interface Call<Ask, Answer> {
  readonly kind: 'query' | 'work';
  run(ask: Ask, context: CallContext): Answer | Promise<Answer>;
  /** Buffers of the answer that move to the asker in place of being copied; nobody may hold them here afterwards. */
  moves?(answer: Answer): ArrayBuffer[];
}

type Run<Ask, Answer> = Call<Ask, Answer>['run'];
type Moves<Answer> = (answer: Awaited<Answer>) => ArrayBuffer[];

/** Answered before any work goes on. */
export const query = <Ask, Answer>(run: Run<Ask, Answer>, moves?: Moves<Answer>): Call<Ask, Answer> => ({
  kind: 'query',
  run,
  ...(moves === undefined ? {} : { moves }),
});

/** One after the other, in the order in which they were asked. */
export const work = <Ask, Answer>(run: Run<Ask, Answer>, moves?: Moves<Answer>): Call<Ask, Answer> => ({
  kind: 'work',
  run,
  ...(moves === undefined ? {} : { moves }),
});
