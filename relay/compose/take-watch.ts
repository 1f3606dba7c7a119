// Takes what the console says of watching: a document verified, on disk, and only then in force and told in the audit; members as they are.
import { type RefusalLog, refusalOf } from '#relay/execute/refusal-log.ts';
import type { WatchStore } from '#relay/pin/watch-store.ts';
import type { MemberBook } from '#relay/watch/member-book.ts';
import type { SignedWatch, WatchDocument } from '#shared/model/watch-policy.ts';
import type { WatchMessage } from '#shared/protocol/watch.ts';
import type { WatchPlace } from '#shared/seal/watch-seal.ts';
import { inTurn } from './in-turn.ts';

export interface WatchParts {
  place: () => Omit<WatchPlace, 'held'>;
  store: Pick<WatchStore, 'accept' | 'document'>;
  members: Pick<MemberBook, 'take'>;
  /** Says in the audit what is in force, once for each document. */
  tell: (document: WatchDocument | undefined) => void;
  refusals: RefusalLog;
  /** Document or members are others now. */
  onChange: () => void;
}

const VERB = 'watch.refuse';

export function watchTaker(parts: WatchParts): (message: WatchMessage) => Promise<void> {
  const { refusals, place, members, onChange } = parts;
  return inTurn({
    take: async (message) => {
      if (message.kind === 'document') await takeDocument(parts, message.signed);
      else if (members.take(message)) onChange();
    },
    refuse: (error) => void refusals.tell(refusalOf(VERB, place().now, error)),
  });
}

async function takeDocument(
  { place, store, tell, refusals, onChange }: WatchParts,
  signed: SignedWatch,
): Promise<void> {
  const here = place();
  let document: WatchDocument | undefined;
  try {
    document = await store.accept(signed, here);
  } catch (error) {
    refusals.tell(refusalOf(VERB, here.now, error));
  }
  if (document !== undefined) onChange();
  // Also of one that is held: a disk that was full may not have taken the word on it.
  tell(store.document);
}
