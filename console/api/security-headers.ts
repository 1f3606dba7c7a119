// The headers of every answer, and the two checks that a foreign page cannot pass: the Host it was sent to and the Origin it came from.

/** No inline script, nothing from elsewhere, no frame around us; styles may be set by script through the CSSOM only. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

const nameOf = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();

/** Is the Host header one of this console's names? Stops a foreign name that was made to resolve to us (DNS rebinding). */
export function isOwnHost(host: string | undefined, names: ReadonlySet<string>): boolean {
  return host !== undefined && names.has(nameOf(host));
}

/**
 * May this request change something? A browser says where it comes from (Origin, Sec-Fetch-Site); programs send neither.
 * `cookie` says whether the right to act came from a cookie, which a foreign page would carry along.
 */
export function isOwnOrigin(request: {
  host: string | undefined;
  origin: string | undefined;
  fetchSite: string | undefined;
}): boolean {
  if (request.fetchSite !== undefined && request.fetchSite !== 'same-origin' && request.fetchSite !== 'none')
    return false;
  if (request.origin === undefined) return true;
  try {
    return new URL(request.origin).host === request.host;
  } catch {
    return false; // "null" and other things that are no origin of ours
  }
}
