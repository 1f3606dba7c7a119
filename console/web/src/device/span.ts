// How far back the charts look: four spans, one of them in the URL.

export const SPANS = [
  { key: '15m', label: '15 min', words: '15 minutes', ms: 900_000 },
  { key: '1h', label: '1 h', words: 'hour', ms: 3_600_000 },
  { key: '6h', label: '6 h', words: '6 hours', ms: 21_600_000 },
  { key: '24h', label: '24 h', words: '24 hours', ms: 86_400_000 },
] as const;
export type Span = (typeof SPANS)[number];

const USUAL = SPANS[0];

/** Anything may stand in a URL; the usual span is left out. */
export function parseSpan(raw: Record<string, unknown>): { span?: Span['key'] } {
  const span = SPANS.find(({ key }) => key === raw['span']);
  return span === undefined || span === USUAL ? {} : { span: span.key };
}

export const spanOf = (search: { span?: Span['key'] }): Span => SPANS.find(({ key }) => key === search.span) ?? USUAL;
