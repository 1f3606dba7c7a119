// How far back the load of a site or of the estate is shown, as it stands in the URL of its page.
import { parseSpanSearch, type SpanKey, type SpanSearch } from '#console/web/src/span/spans.ts';

export const LOAD_SPAN: SpanKey = '24h';

export const parseLoadSearch = (raw: Record<string, unknown>): SpanSearch => parseSpanSearch(raw, LOAD_SPAN);
