// One authenticated HTTP connection to the WS-Management service of a machine: what sealing, logins and sockets cost ends here.
import type { Verdict } from '#relay/transport/credential-breaker.ts';
import type { ChannelBinding, SecurityContext } from '#relay/transport/security-context.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome } from '#shared/base/outcome.ts';

export interface WsmanReply {
  /** 200, or 500 with a SOAP fault in the body. */
  status: number;
  /** SOAP text, opened when it came sealed. */
  body: string;
}

export interface PostOptions {
  timeoutMs: number;
  /** False for what must never happen twice (Command, Send): then a lost answer is `lost`, and nothing is sent again. */
  isRepeatable: boolean;
}

export interface WsmanConnection {
  /**
   * One request after the other; a second one while the first runs is `refused`. The first one connects and logs in.
   * `denied`: the login was not accepted. `refused`: the service answered and declined. After `timed-out`, `cancelled`,
   * `malformed` or `too-large` the connection is not open any more.
   */
  post(body: string, options: PostOptions, signal: AbortSignal): Promise<Outcome<WsmanReply>>;
  /** False once it can never be used again; a peer that closed an idle connection does not end it. */
  readonly isOpen: boolean;
  /** How often it logged in: more than once when the peer closed an idle connection. */
  readonly logins: number;
  close(): void;
}

export interface WsmanTarget {
  /** For messages. */
  name: string;
  /** For the Host header and for TLS. */
  host: string;
  /** Where to connect. */
  address: string;
  port: number;
  /** Over `http` all bodies are sealed; over `https` none is, and the login is bound to the certificate. */
  scheme: 'http' | 'https';
}

export interface WsmanSecurity {
  /** A fresh context for one login; a failure says why there may be none now. `onVerdict` follows once for each. */
  newContext(binding: ChannelBinding | undefined, signal: AbortSignal): Promise<Outcome<SecurityContext>>;
  /** Judges the certificate by its key ("SHA256:..." over its SubjectPublicKeyInfo) before anything else is sent. */
  onCertificate(fingerprint: string): Failure | undefined;
  /** What came of a login, for the credential's breaker. */
  onVerdict?(verdict: Verdict): void;
}

export interface WsmanDeps {
  clock: Clock;
  /** To connect, TLS included. */
  connectMs: number;
  /** From the connection to the login's last message. */
  loginMs: number;
}

export function openWsmanConnection(_target: WsmanTarget, _security: WsmanSecurity, _deps: WsmanDeps): WsmanConnection {
  return {
    post: () => Promise.resolve(fail('unsupported', 'WinRM: not connected')),
    isOpen: false,
    logins: 0,
    close: () => undefined,
  };
}
