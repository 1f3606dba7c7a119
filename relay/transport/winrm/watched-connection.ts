// Tells when a connection fails in a way that another request would meet too: then the session is over and the machine is met anew.
import type { Failure, FailureReason } from '#shared/base/outcome.ts';
import type { WsmanConnection } from './wsman-connection.ts';

/** Lost and late answers may be the moment's; these are of the port, the machine's key or the login. */
const ENDS: ReadonlySet<FailureReason> = new Set([
  'unreachable',
  'refused',
  'denied',
  'unsupported',
  'host-key-changed',
  'host-key-unknown',
  'credential-missing',
  'credential-not-allowed',
]);

export function watchedConnection(inner: WsmanConnection, onBroken: (why: Failure) => void): WsmanConnection {
  return {
    async post(body, options, signal) {
      const reply = await inner.post(body, options, signal);
      if (!reply.ok && ENDS.has(reply.reason)) onBroken(reply);
      return reply;
    },
    get isOpen() {
      return inner.isOpen;
    },
    get logins() {
      return inner.logins;
    },
    close: () => inner.close(),
  };
}
