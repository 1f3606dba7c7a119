// What one asks of the trail, as it stands in the URL, and what the API takes of it.

export const OUTCOMES = ['ok', 'denied', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface AuditSearch {
  /** "person:<id>", "relay:*" ... */
  actor?: string;
  verb?: string;
  resource?: string;
  outcome?: Outcome;
  /** As the browser's field has it, "2026-01-05T08:00": the clock of whoever looks. */
  since?: string;
  until?: string;
  /** The proof stands in the place of the rows. */
  proof?: true;
}

const MAX_TEXT = 200;
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** Anything may stand in a URL: numbers were typed as texts. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim().slice(0, MAX_TEXT) : '';
/** A star stands at the end or nowhere: anything else the console refuses. */
const patternOf = (value: unknown): string => {
  const text = textOf(value);
  return /^[^*]*\*?$/.test(text) ? text : '';
};
const timeTextOf = (value: unknown): string => {
  const text = textOf(value);
  return LOCAL_TIME.test(text) && !Number.isNaN(new Date(text).getTime()) ? text : '';
};

export function parseAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const outcome = OUTCOMES.find((one) => one === raw['outcome']);
  const texts = {
    actor: patternOf(raw['actor']),
    verb: patternOf(raw['verb']),
    resource: patternOf(raw['resource']),
    since: timeTextOf(raw['since']),
    until: timeTextOf(raw['until']),
  };
  const kept = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
  return { ...kept, ...(outcome !== undefined && { outcome }), ...(raw['proof'] === true && { proof: true as const }) };
}

export const isNarrowed = ({ proof: _, ...filters }: AuditSearch): boolean => Object.keys(filters).length > 0;

/** As the API takes it; `site` is the one chosen for all pages. */
export function auditFilter({ actor, verb, resource, outcome, since, until }: AuditSearch, site?: string) {
  return {
    ...(actor !== undefined && { actor }),
    ...(verb !== undefined && { verb }),
    ...(resource !== undefined && { resource }),
    ...(outcome !== undefined && { outcome }),
    ...(since !== undefined && { from: new Date(since).getTime() }),
    ...(until !== undefined && { to: new Date(until).getTime() }),
    ...(site !== undefined && { site }),
  };
}

export function exportPath(filter: ReturnType<typeof auditFilter>): string {
  const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]));
  return `/api/audit/export${query.size === 0 ? '' : `?${query}`}`;
}
