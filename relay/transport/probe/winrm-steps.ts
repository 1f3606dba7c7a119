// What a WinRM port shows to somebody who offers no login: TLS, certificate, schemes, the challenge of NTLM. For people who report in one paste.
import type { TLSSocket } from 'node:tls';
import { AV, type AvPairs } from '#relay/transport/ntlm/av-pairs.ts';
import { askedFlags, lacking } from '#relay/transport/ntlm/flags.ts';
import { decodeChallenge, encodeNegotiate } from '#relay/transport/ntlm/messages.ts';
import { printable } from '#relay/transport/script-output.ts';
import { SecurityFailure } from '#relay/transport/security-context.ts';
import { HttpExchange } from '#relay/transport/winrm/http-exchange.ts';
import { connectWsman, type WsmanTarget } from '#relay/transport/winrm/wsman-socket.ts';
import type { Clock } from '#shared/base/clock.ts';

/** One line of the report. */
export type Tell = (step: string, said: string) => void;

interface StepDeps {
  clock: Clock;
  tell: Tell;
}

// 5 s as for a login, and 10 s for the two answers: who looks on sits at a terminal.
const CONNECT_MS = 5_000;

/** One port; nothing that is derived from a login is sent. */
export async function lookAtWinrm(target: WsmanTarget, { clock, tell }: StepDeps, signal: AbortSignal): Promise<void> {
  const step = (what: string) => `${target.port} ${what}`;
  let fingerprint = '';
  const onCertificate = (shown: string) => {
    fingerprint = shown;
    return undefined;
  };
  const connected = await connectWsman({ target, clock, connectMs: CONNECT_MS, onCertificate }, signal);
  if (!connected.ok) return tell(step('connect'), `${connected.reason}: ${printable(connected.detail)}`);
  const { socket, binding } = connected.value;
  try {
    if (target.scheme === 'https') {
      const { getProtocol, getCipher } = socket as TLSSocket; // connectWsman makes one for https
      tell(step('TLS'), `${getProtocol.call(socket) ?? 'unknown'} ${getCipher.call(socket).name}`);
      tell(step('certificate key'), fingerprint);
      tell(
        step('channel binding'),
        `${Buffer.from(binding?.applicationData ?? []).length} bytes of tls-server-end-point`,
      );
    }
    await lookAtSchemes(new HttpExchange(target, socket), { step, tell }, signal);
  } finally {
    socket.destroy();
  }
}

interface SchemeDeps {
  step: (what: string) => string;
  tell: Tell;
}

async function lookAtSchemes(http: HttpExchange, { step, tell }: SchemeDeps, signal: AbortSignal): Promise<void> {
  const first = await http.post(Buffer.alloc(0), {}, signal);
  if (!first.ok) return tell(step('HTTP'), `${first.reason}: ${printable(first.detail)}`);
  const { status, authenticate } = first.value;
  tell(step('HTTP'), `${status}, offers ${printable(authenticate) || 'no way to log in'}`);
  if (status !== 401 || !/negotiate/i.test(authenticate)) return;
  const token = encodeNegotiate(askedFlags('seal')).toString('base64');
  const second = await http.post(Buffer.alloc(0), { Authorization: `Negotiate ${token}` }, signal);
  if (!second.ok) return tell(step('NTLM'), `${second.reason}: ${printable(second.detail)}`);
  const said = /Negotiate\s+([A-Za-z0-9+/]+=*)/i.exec(second.value.authenticate)?.[1];
  if (said === undefined) return tell(step('NTLM'), `no challenge, HTTP ${second.value.status}`);
  tellChallenge(Buffer.from(said, 'base64'), { step, tell });
}

const NAMES: ReadonlyArray<readonly [number, string]> = [
  [AV.nbComputerName, 'computer'],
  [AV.nbDomainName, 'domain'],
  [AV.dnsComputerName, 'DNS name'],
  [AV.dnsDomainName, 'DNS domain'],
];

function tellChallenge(token: Uint8Array, { step, tell }: SchemeDeps): void {
  try {
    const { flags, pairs } = decodeChallenge(token);
    const missing = lacking(flags, 'seal');
    const lacks = missing.length === 0 ? 'all that is demanded' : `lacks ${missing.join(', ')}`;
    tell(step('NTLM flags'), `0x${(flags >>> 0).toString(16).padStart(8, '0')}, ${lacks}`);
    tell(step('NTLM target'), targetText(pairs));
  } catch (error) {
    if (!(error instanceof SecurityFailure)) throw error;
    tell(step('NTLM'), printable(error.message));
  }
}

function targetText(pairs: AvPairs): string {
  const names = NAMES.flatMap(([id, word]) => {
    const value = pairs.get(id);
    return value === undefined ? [] : [`${word} ${printable(Buffer.from(value).toString('utf16le'), 64)}`];
  });
  // With a timestamp a proof of integrity is demanded of us (MS-NLMP 3.1.5.1.2).
  return [...names, pairs.has(AV.timestamp) ? 'with a timestamp' : 'without a timestamp'].join(', ');
}
