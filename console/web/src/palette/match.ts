// How typed words find an entry, and how "forget srv-12" parts into a verb and what it is done to.

const wordsOf = (text: string): string[] =>
  text
    .toLocaleLowerCase()
    .split(/[\s,:]+/)
    .filter(Boolean);

/** Each typed word begins a word of the entry; the whole is better the earlier they stand. Undefined when one fits nowhere. */
export function rankOf(query: string, text: string): number | undefined {
  const words = wordsOf(text);
  let rank = 0;
  for (const typed of wordsOf(query)) {
    const at = words.findIndex((word) => word.startsWith(typed));
    if (at < 0) return undefined;
    rank += at;
  }
  return rank;
}

/** Those that fit, the best first, in their own order where equally good; all of them for an empty query. */
export function fitting<Entry>(query: string, entries: readonly Entry[], textOf: (entry: Entry) => string): Entry[] {
  return entries
    .flatMap((entry) => {
      const rank = rankOf(query, textOf(entry));
      return rank === undefined ? [] : [{ entry, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

export interface Sentence {
  /** The first word. */
  verb: string;
  /** What follows it, empty while only the verb stands there. */
  thing: string;
}

/** Fewer letters begin too many verbs to mean one. */
const MIN_VERB = 2;

/** A verb's words are comma-separated; the typed verb is the beginning of one of them. */
export function sentenceFor(query: string, words: string): Sentence | undefined {
  const [verb = '', ...rest] = query.trim().split(/\s+/);
  const typed = verb.toLocaleLowerCase();
  if (typed.length < MIN_VERB) return undefined;
  const fits = words.split(',').some((word) => word.trim().toLocaleLowerCase().startsWith(typed));
  return fits ? { verb, thing: rest.join(' ') } : undefined;
}

interface Found {
  name: string;
  match: { text: string } | null;
}

/** Of an answer to a former text: what the new text still finds, so that Enter never means a line one did not ask for. */
export const stillFitting = <Hit extends Found>(hits: readonly Hit[], text: string): Hit[] => {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return hits.filter(({ name, match }) => {
    const known = `${name} ${match?.text ?? ''}`.toLocaleLowerCase();
    return words.every((word) => known.includes(word));
  });
};
