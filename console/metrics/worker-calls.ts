// Every call of the metrics worker: its name and what answers it. To add one is a line here; the console then has `worker.call(name, ask)`.
import { HOUSEKEEPING } from './housekeeping-calls.ts';
import { coverageOf, keepPart } from './keep-call.ts';
import { readSealed, type SealedAsk } from './mirror/sealed-hours.ts';
import { replay } from './replay/replay-call.ts';
import { sealPart } from './seal-call.ts';
import { sealedPolls } from './sealed-polls.ts';
import { sealedRange } from './sealed-range.ts';
import { sealedParts, sealedSum } from './sealed-sums.ts';
import { type Call, query, work } from './worker-call.ts';

export const CALLS = {
  seal: work(sealPart),
  /** For mirrors: some devices of a sealed hour. */
  sealedHour: query((ask: SealedAsk, { store }) => readSealed(store, ask)),
  keep: work(keepPart),
  coverage: work(coverageOf),
  range: query(sealedRange),
  sum: query(sealedSum),
  compare: query(sealedParts),
  lastPolls: query(sealedPolls),
  /** A minute of work for a fleet: sealing and charts come first. */
  replay: work(replay),
  ...HOUSEKEEPING,
};

type Calls = typeof CALLS;
export type CallName = keyof Calls;
export type AskOf<N extends CallName> = Calls[N] extends Call<infer Ask, unknown> ? Ask : never;
export type AnswerOf<N extends CallName> = Calls[N] extends Call<never, infer Answer> ? Awaited<Answer> : never;
