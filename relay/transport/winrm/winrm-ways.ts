// The ways to a machine over WinRM, strongest first. Pure: which of them may be taken is decided elsewhere.
import type { SessionWay } from '#relay/transport/transport.ts';

export interface WinrmWay {
  port: number;
  isTls: boolean;
  auth: 'kerberos' | 'ntlm';
}

export interface WinrmPorts {
  tls: number;
  plain: number;
}

/** As Windows has them since 2009. */
export const WINRM_PORTS: WinrmPorts = { tls: 5986, plain: 5985 };

/**
 * Without a port both usual ones. A usual port of the roster means what it usually means; any other is met in TLS first, and what
 * does not speak TLS there may be met in the clear, sealed: nobody but the machine itself can say which it is.
 */
export function waysOver(asked: number | undefined, hasKerberos: boolean, usual: WinrmPorts = WINRM_PORTS): WinrmWay[] {
  const auths = hasKerberos ? (['kerberos', 'ntlm'] as const) : (['ntlm'] as const);
  const tls = asked === usual.plain ? [] : auths.map((auth) => ({ port: asked ?? usual.tls, isTls: true, auth }));
  const plain = asked === usual.tls ? [] : auths.map((auth) => ({ port: asked ?? usual.plain, isTls: false, auth }));
  return [...tls, ...plain];
}

export const sessionWay = ({ port, isTls, auth }: WinrmWay): SessionWay => ({
  transport: 'winrm',
  port,
  auth,
  seal: isTls ? 'tls' : 'sealed',
});
