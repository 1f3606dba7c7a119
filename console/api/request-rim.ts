// What is looked at before a request reaches anything: its headers are few and said once, its name is ours, and it comes from a page of ours or from none.
import { type ProblemParts, wrongField } from './problems.ts';

export interface RimRequest {
  method: string;
  /** Names and values in turn, as they came: what Node makes of them drops repeats. */
  rawHeaders: readonly string[];
  /** Names and addresses this console answers to, lower case, without ports. */
  names: ReadonlySet<string>;
  isSecure: boolean;
}

/** A browser sends 20, a proxy adds some; their bytes are bounded by the server. */
const MAX_HEADERS = 64;
/** Two of one of these would be read by one program so and by another one otherwise. */
const SAID_ONCE = new Set([
  'host',
  'origin',
  'cookie',
  'authorization',
  'content-type',
  'content-length',
  'transfer-encoding',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'idempotency-key',
]);
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

type Headers = ReadonlyMap<string, string>;

/** Undefined where one of the headers is there twice. */
function readOnce(raw: readonly string[]): Headers | undefined {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    if (!SAID_ONCE.has(name)) continue;
    if (headers.has(name)) return undefined;
    headers.set(name, raw[at + 1] ?? '');
  }
  return headers;
}

/** Of a Host header, lower case, without its port. */
const nameOf = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();

/** The name the request was sent to; empty when it says none. */
export function hostOf({ rawHeaders }: Pick<RimRequest, 'rawHeaders'>): string {
  return nameOf(readOnce(rawHeaders)?.get('host') ?? '');
}

/** The answer of a request that goes no further; undefined for one that may. */
export function refusedAtRim(request: RimRequest): ProblemParts | undefined {
  const { rawHeaders, names } = request;
  if (rawHeaders.length / 2 > MAX_HEADERS)
    return { code: 'too-large', status: 431, detail: `a request has at most ${MAX_HEADERS} headers here` };
  const headers = readOnce(rawHeaders);
  if (headers === undefined) return wrongField('a header', 'that may be said once is there twice', 400);
  // A foreign name that was made to resolve to us is how a page of elsewhere becomes one of our origin.
  if (!names.has(nameOf(headers.get('host') ?? '')))
    return { code: 'denied', status: 421, detail: 'this console does not answer to that name' };
  const isOurs = READS.has(request.method) ? mayRead(request, headers) : mayChange(request, headers);
  return isOurs ? undefined : { code: 'denied', detail: 'a request from another site' };
}

/** The plain port stands behind a proxy at times, whose pages are of https. */
function isOwnOrigin(origin: string, { isSecure }: RimRequest, headers: Headers): boolean {
  const host = (headers.get('host') ?? '').toLowerCase();
  const own = isSecure ? [`https://${host}`] : [`http://${host}`, `https://${host}`];
  return own.includes(origin.toLowerCase());
}

/**
 * A browser says of every change where it comes from, programs say nothing. A change with a cookie is a browser's: without
 * an origin it is one of something that hides it.
 */
function mayChange(request: RimRequest, headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin !== undefined) return isOwnOrigin(origin, request, headers);
  return !headers.has('cookie') || headers.has('authorization');
}

/** From elsewhere a person may come by a link, which shows a page and carries no cookie; no page of elsewhere may ask for anything. */
function mayRead(request: RimRequest, headers: Headers): boolean {
  const origin = headers.get('origin');
  if (origin !== undefined && !isOwnOrigin(origin, request, headers)) return false;
  const site = headers.get('sec-fetch-site') ?? 'none';
  if (site === 'same-origin' || site === 'none') return true;
  return headers.get('sec-fetch-mode') === 'navigate' && (headers.get('sec-fetch-dest') ?? 'document') === 'document';
}
