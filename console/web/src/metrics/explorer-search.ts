// What the metrics page shows, as it stands in its URL.
import { parseSpanSearch, type SpanSearch } from '#console/web/src/span/spans.ts';

export const VIEWS = ['top', 'devices', 'sum'] as const;
export type MetricsView = (typeof VIEWS)[number];
export const BYS = ['avg', 'max', 'min', 'last'] as const;
export type TopBy = (typeof BYS)[number];
export const LIMITS = [10, 25, 100] as const;
/** Lines of more devices nobody can tell apart; the API takes no more. */
export const MAX_DEVICES = 20;

export interface MetricsSearch extends SpanSearch {
  metric?: string;
  /** "top" when absent. */
  show?: MetricsView;
  /** Ids, comma-separated, as the API takes them. */
  devices?: string;
  /** "customer:ID", "site:ID" or "group:ID"; the whole fleet when absent. */
  over?: string;
  instance?: string;
  /** "avg" when absent. */
  by?: TopBy;
  /** The first of LIMITS when absent. */
  top?: number;
}

/** What one sees first. */
export const USUAL_METRIC = 'cpu.used_ratio';
export const USUAL_SPAN = '24h';

const NAME = /^[\w.:-]{1,120}$/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const OVER = /^(?:customer|site|group):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_INSTANCE = 255;

/** The ids of a list that stands in a URL: each once, and no more than a chart has room for. */
export const idsOf = (devices: string | undefined): string[] =>
  [...new Set((devices ?? '').split(','))].filter((id) => ID.test(id)).slice(0, MAX_DEVICES);

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** Anything may stand in a URL; what is as usual is left out. */
export function parseMetricsSearch(raw: Record<string, unknown>): MetricsSearch {
  const search: MetricsSearch = {};
  const [metric, over, instance] = [text(raw['metric']), text(raw['over']), text(raw['instance'])];
  const show = VIEWS.find((one) => one === raw['show']);
  const by = BYS.find((one) => one === raw['by']);
  const limit = LIMITS.find((one) => one === raw['top']);
  const ids = idsOf(text(raw['devices']));
  if (NAME.test(metric) && metric !== USUAL_METRIC) search.metric = metric;
  if (show !== undefined && show !== 'top') search.show = show;
  if (ids.length > 0) search.devices = ids.join(',');
  if (OVER.test(over)) search.over = over;
  if (instance !== '' && instance.length <= MAX_INSTANCE) search.instance = instance;
  if (by !== undefined && by !== 'avg') search.by = by;
  if (limit !== undefined && limit !== LIMITS[0]) search.top = limit;
  return Object.assign(search, parseSpanSearch(raw, USUAL_SPAN));
}
