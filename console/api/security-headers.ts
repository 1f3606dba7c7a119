// The headers of every answer: what a browser may do with a page of ours, and that no other page gets hold of one.
import { isIP } from 'node:net';

/**
 * No inline script, nothing from elsewhere, no frame around us; styles may be set by script through the CSSOM only. No text
 * becomes markup or code: no policy may make a trusted one, so the ways to do it throw.
 */
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
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** What pages of ours never ask a browser for; passkeys are asked for by our own pages alone. */
const NEVER_ASKED = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];
const OWN_ONLY = ['clipboard-write', 'fullscreen', 'publickey-credentials-create', 'publickey-credentials-get'];
const PERMISSIONS = [...NEVER_ASKED.map((name) => `${name}=()`), ...OWN_ONLY.map((name) => `${name}=(self)`)].join(
  ', ',
);

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  // For what does not read frame-ancestors.
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  // A process of its own where a browser can: nothing of another page is in its memory.
  'origin-agent-cluster': '?1',
  'permissions-policy': PERMISSIONS,
  'x-permitted-cross-domain-policies': 'none',
  // Names of devices in a page say where links might lead; nobody need be asked for them.
  'x-dns-prefetch-control': 'off',
};

/** Two years. Names below ours are other machines, and none of our business. */
const HSTS = `max-age=${2 * 365 * 86_400}`;

/**
 * A browser that is told so speaks TLS to every port of that name. On loopback that would shut the plain port, which is a
 * secure context there and the way in of who sits at the machine; an address is no name, and takes none.
 */
export function answerHeaders({ isSecure, host }: { isSecure: boolean; host: string }): Record<string, string> {
  const takesHsts = isSecure && host !== 'localhost' && !host.endsWith('.localhost') && isIP(host) === 0;
  return takesHsts ? { ...SECURITY_HEADERS, 'strict-transport-security': HSTS } : { ...SECURITY_HEADERS };
}
