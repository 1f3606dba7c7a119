// What every operation is called with: who asks, from where, and the headers of the answer.
import type { Actor } from '#console/access/can.ts';

export interface ApiContext {
  actor: Actor;
  /** Peer address, for the audit. */
  address: string | undefined;
  /** What the browser says it is, for the list of sessions. */
  agent: string | undefined;
  /** Where the page stands that asks, when it is one of this console's own origins. */
  origin: string | undefined;
  /** When the session or token ends at the latest. */
  expiresAt: number | null;
  /** The session secret of the cookie, for signing out. */
  session: string | undefined;
  /** For answers that last longer than a session: asks again who it is, and is told at once when it is over. */
  actorNow: () => Promise<Actor>;
  onRevoked: (end: () => void) => () => void;
  /** True behind TLS: cookies are then `Secure` with the `__Host-` prefix. */
  isSecure: boolean;
  /** Filled by the response headers plugin. */
  resHeaders?: Headers;
}

/** The name of the session cookie; browsers refuse the prefix without TLS. */
export const cookieName = (isSecure: boolean): string => (isSecure ? '__Host-rmm' : 'rmm');

export function sessionCookie(secret: string, isSecure: boolean, maxAgeSeconds: number): string {
  const flags = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${isSecure ? '; Secure' : ''}`;
  return `${cookieName(isSecure)}=${secret}; ${flags}`;
}

/** The value of our cookie in a Cookie header. */
export function readSession(header: string | undefined, isSecure: boolean): string | undefined {
  const name = cookieName(isSecure);
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
