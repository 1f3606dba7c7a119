// Text as both engines can keep it: hostile output may hold what PostgreSQL refuses or UTF-8 cannot say.

// A NUL ends a PostgreSQL insert with an error; a lone surrogate would come back as another character and break a hash.
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** `text` cut to `maxLength` UTF-16 units, with each unstorable character replaced by U+FFFD. */
export function storedText(text: string, maxLength = 2_000): string {
  return text.slice(0, maxLength).replaceAll(UNSTORABLE, '\uFFFD');
}
