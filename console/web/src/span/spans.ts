// How far back one looks, as it stands in a URL: the last of a span, live, or a part of time that stands still.

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** The keys 1 to 8, in this order. */
export const SPANS = [
  { key: '15m', ms: 15 * MINUTE },
  { key: '1h', ms: HOUR },
  { key: '6h', ms: 6 * HOUR },
  { key: '24h', ms: DAY },
  { key: '7d', ms: 7 * DAY },
  { key: '30d', ms: 30 * DAY },
  { key: '90d', ms: 90 * DAY },
  { key: '1y', ms: 365 * DAY },
] as const;
export type Span = (typeof SPANS)[number];
export type SpanKey = Span['key'];

/** What charts show: the last of a span, or one part that does not move. */
export type Window = { kind: 'span'; span: Span } | { kind: 'still'; from: number; to: number };

export interface SpanSearch {
  span?: SpanKey;
  /** Both or none: a part of time that stands still. */
  from?: number;
  to?: number;
}

/** Narrower shows single polls with nothing between them. */
const LEAST_MS = MINUTE;
/** Two years beside each other; what is older is reached by looking there. */
const MOST_MS = 2 * 366 * DAY;

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** Anything may stand in a URL; what is as usual is left out. */
export function parseSpanSearch(raw: Record<string, unknown>, usual: SpanKey): SpanSearch {
  const search: SpanSearch = {};
  const span = SPANS.find(({ key }) => key === raw['span']);
  const { from, to } = raw;
  if (span !== undefined && span.key !== usual) search.span = span.key;
  if (isTime(from) && isTime(to) && to - from >= LEAST_MS && to - from <= MOST_MS) Object.assign(search, { from, to });
  return search;
}

export const spanOf = ({ span }: SpanSearch, usual: SpanKey): Span =>
  SPANS.find(({ key }) => key === (span ?? usual)) ?? SPANS[0];

export const widthOf = (window: Window): number => (window.kind === 'still' ? window.to - window.from : window.span.ms);

/** The part of time that is seen now. */
export const partOf = (window: Window, now: number): { from: number; to: number } =>
  window.kind === 'still' ? { from: window.from, to: window.to } : { from: now - window.span.ms, to: now };

/** A part of time that was dragged over or typed, kept wide enough and not beyond now. */
export function zoomed(from: number, to: number, now: number): { from: number; to: number } {
  const end = Math.min(to, now);
  const width = Math.min(MOST_MS, Math.max(LEAST_MS, end - from));
  return { from: Math.round(end - width), to: Math.round(end) };
}

/** Half a window earlier (-1) or later (1); never beyond now. */
export function shifted(window: Window, way: -1 | 1, now: number): { from: number; to: number } {
  const { from, to } = partOf(window, now);
  const end = Math.min(now, to + (way * (to - from)) / 2);
  return { from: Math.round(end - (to - from)), to: Math.round(end) };
}
