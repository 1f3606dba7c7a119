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
  /** Where a Windows machine's OpenSSH answers; default 22. */
  ssh?: number;
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

/**
 * Whether the OpenSSH of Windows may stand in where nothing else answers: never for a machine that has shown another key or has been
 * met by Kerberos, whose floor it would not reach.
 */
export const maySshFollow = (floor: SessionWay | undefined): boolean =>
  floor === undefined || floor.transport === 'ssh' || (floor.seal === 'sealed' && floor.auth === 'ntlm');

/** SSH goes before NTLM in the clear, which is weaker; a device that was reached by that is first looked for there. */
export function withSsh(order: readonly WinrmWay[], floor: SessionWay | undefined): ReadonlyArray<WinrmWay | 'ssh'> {
  const weaker = floor === undefined ? order.findIndex(({ isTls, auth }) => !isTls && auth === 'ntlm') : -1;
  const at = weaker < 0 ? order.length : weaker;
  return [...order.slice(0, at), 'ssh', ...order.slice(at)];
}

export const sessionWay = ({ port, isTls, auth }: WinrmWay): SessionWay => ({
  transport: 'winrm',
  port,
  auth,
  seal: isTls ? 'tls' : 'sealed',
});
