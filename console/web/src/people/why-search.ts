// What is asked of a person's rights, as it stands in the URL: a colleague opens the same answer.

export interface WhySearch {
  verb?: string;
  thing?: string;
}

/** As long as the API takes. */
const MAX_VERB = 60;
const MAX_THING = 300;

/** Anything may stand in a URL: numbers and truth values were typed as texts. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

export function parseWhySearch(raw: Record<string, unknown>): WhySearch {
  const verb = textOf(raw['verb']).trim().slice(0, MAX_VERB);
  const thing = textOf(raw['thing']).trim().slice(0, MAX_THING);
  return { ...(verb !== '' && { verb }), ...(thing !== '' && { thing }) };
}
