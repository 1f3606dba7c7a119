// Asks a relay for the chunks of one of its hours, answer after answer; the next one is asked for while the last is worked on.
import { AppError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { type ChunkCursor, MAX_CHUNKS_BYTES } from '#shared/protocol/history.ts';
import type { HistoryAnswer, HistoryDesk } from './history-desk.ts';

/** A slow line carries 4 KiB in this time. */
export const ANSWER_MS = 30_000;
/** Answers of one hour: a relay whose cursors lead nowhere is left after as many as the largest site needs. */
const MAX_ANSWERS = 20_000;

export interface HourAnswer extends Pick<HistoryAnswer<'chunks'>, 'series' | 'chunks'> {
  isFirst: boolean;
  isLast: boolean;
}

/** At least one; throws where an answer does not come, or does not get on. */
export async function* hourChunks(
  desk: Pick<HistoryDesk, 'ask'>,
  { relay, hour }: { relay: RelayId; hour: number },
  signal: AbortSignal,
): AsyncGenerator<HourAnswer> {
  const ask = (after?: ChunkCursor): Promise<HistoryAnswer<'chunks'>> => {
    const span = { from: hour, to: hour + 1, maxBytes: MAX_CHUNKS_BYTES };
    const question = { kind: 'chunks', ...span, ...(after === undefined ? {} : { after }) } as const;
    return desk.ask(relay, question, { timeoutMs: ANSWER_MS, signal });
  };
  let after: ChunkCursor | undefined;
  let coming: Promise<HistoryAnswer<'chunks'>> | undefined = ask();
  for (let answers = 1; coming !== undefined; answers += 1) {
    const { series, chunks, next }: HistoryAnswer<'chunks'> = await coming;
    if (next !== undefined && !isFurther(next, after))
      throw new AppError('frame-malformed', `relay ${relay}: its history of hour ${hour} does not get on`);
    after = next;
    const isLast: boolean = next === undefined || answers >= MAX_ANSWERS;
    coming = isLast ? undefined : ask(next);
    coming?.catch(() => undefined); // awaited in the next round, unless who asks fails first
    const own = chunks.filter((chunk) => chunk.hour === hour);
    yield { series, chunks: own, isFirst: answers === 1, isLast };
  }
}

/** Within an hour devices come by their ids, and a long hour of a device in parts: a relay that goes round holds a turn for ever. */
const isFurther = (next: ChunkCursor, after: ChunkCursor | undefined): boolean =>
  after === undefined || next.device > after.device || (next.device === after.device && next.at > after.at);
