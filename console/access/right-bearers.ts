// Tags and groups that somebody's rights speak of: who moves devices in or out of them changes rights, and needs that right.
import type { Tx } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import { type Caller, can } from './can.ts';
import { boundWords } from './grant-repository.ts';

/** Throws `denied` where a grant or a denial names one of these, and the caller may not give rights everywhere. */
export async function mustKeepRights(
  tx: Tx,
  { actor }: Caller,
  moved: { kind: 'tag' | 'group'; words: readonly string[] },
  now: number,
): Promise<void> {
  if (moved.words.length === 0) return;
  const may = can(actor, 'person.grant', undefined, now);
  if (may.allowed && may.scope.kind === 'everything') return;
  const bound = await boundWords(tx, moved.kind);
  const word = moved.words.find((one) => bound.has(one));
  if (word === undefined) return;
  throw new AppError(
    'denied',
    `rights hang on ${moved.kind} ${word}: who gives rights everywhere may change who has it`,
  );
}

/** Tags and groups that something names: a device that has them, a site whose new devices get them. */
export interface Words {
  tags?: readonly string[] | undefined;
  groups?: readonly string[] | undefined;
}

export interface WordsChange {
  before: Words;
  after: Words;
}

/** The same for changes of them: what stays as it is, is nobody's question. */
export async function mustKeepRightsOf(
  tx: Tx,
  caller: Caller,
  changes: readonly WordsChange[],
  now: number,
): Promise<void> {
  const moved = (words: 'tags' | 'groups') => [
    ...new Set(
      changes.flatMap(({ before, after }) => {
        const [from, to] = [new Set(before[words]), new Set(after[words])];
        return [...from].filter((word) => !to.has(word)).concat([...to].filter((word) => !from.has(word)));
      }),
    ),
  ];
  await mustKeepRights(tx, caller, { kind: 'tag', words: moved('tags') }, now);
  await mustKeepRights(tx, caller, { kind: 'group', words: moved('groups') }, now);
}
