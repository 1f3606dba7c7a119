// From a roster line to the open share of its device: which login may go there is asked first, and its address is the one that was judged.
import type { CredentialBreaker, Permit, Verdict } from '#relay/transport/credential-breaker.ts';
import type { CredentialGate, OfferedLogin } from '#relay/transport/credential-gate.ts';
import type { Credential } from '#relay/transport/credentials.ts';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import { loginAsker } from '#relay/transport/login-authority.ts';
import { resolveAddress } from '#relay/transport/probe/dns.ts';
import { SmbError, type SmbFailure } from '#relay/transport/smb/smb-fault.ts';
import type { ConnectSmb, SmbConnection, SmbFacts, SmbLogin } from '#relay/transport/smb/smb-files.ts';
import type { SessionWay } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { QueueShare } from './queue-share.ts';

export interface ReachDeps {
  clock: Clock;
  random: RandomBytes;
  logins: Pick<CredentialGate, 'offer'>;
  breaker: Pick<CredentialBreaker, 'permit'>;
  gate: HandshakeGate;
  connect: ConnectSmb;
}

export interface ReachedShare {
  connection: SmbConnection;
  share: QueueShare;
  address: string;
  way: SessionWay;
}

// 60 s: three tries of a credential nobody has accepted yet, each of the longest kind.
const PERMIT_MS = 60_000;
export const DEFAULT_SHARE = 'rmm$';

export async function reachShare(
  entry: RosterEntry,
  purpose: Purpose,
  deps: ReachDeps,
  signal: AbortSignal,
): Promise<Outcome<ReachedShare>> {
  const address = await addressOf(entry, deps.clock, signal);
  if (!address.ok) return address;
  const offered = deps.logins.offer(entry, { purpose, address: address.value, proof: 'smb' });
  if (!offered.ok) return offered;
  const login = smbLogin(offered.value);
  if (login === undefined)
    return fail(
      'credential-not-allowed',
      `${entry.name}: over SMB a login is a user with a password that is kept here`,
    );
  const connected = await connectOnce(entry, { address: address.value, login, offered: offered.value }, deps, signal);
  return connected.ok ? await openShare(entry, connected.value, address.value, signal) : connected;
}

async function addressOf({ name, address }: RosterEntry, clock: Clock, signal: AbortSignal): Promise<Outcome<string>> {
  const { lookup, addresses } = await resolveAddress(address, { clock, signal });
  const [first] = addresses;
  if (first !== undefined) return succeed(first);
  return fail('unreachable', `${name}: its name was not found${lookup === 'timed-out' ? ' in time' : ''}`);
}

/** `DOMAIN\user`; `user@realm` and `.\user` have no domain of their own (MS-NLMP 3.3.2). */
function smbLogin({ credential, allows }: OfferedLogin): SmbLogin | undefined {
  const { user, password } = credential;
  if (password === undefined || !allows.password || user === '') return undefined;
  const [domain = '', rest] = user.split('\\', 2);
  if (rest === undefined) return { user, password };
  return domain === '.' ? { user: rest, password } : { user: rest, domain, password };
}

interface Try {
  address: string;
  login: SmbLogin;
  offered: OfferedLogin;
}

async function connectOnce(
  entry: RosterEntry,
  { address, login, offered }: Try,
  deps: ReachDeps,
  signal: AbortSignal,
): Promise<Outcome<SmbConnection>> {
  const { clock, random, connect } = deps;
  const { name, port } = entry;
  let permit: Outcome<Permit> | undefined;
  // Right before the proof of the password leaves: a device that says nothing until then keeps nobody waiting.
  const onOffer = async () => {
    permit = await leaveToTry(entry, offered.credential, deps, signal);
    if (!permit.ok) throw new SmbError('refused', permit.detail);
  };
  let verdict: Verdict = 'not-tried';
  try {
    const target = { name, host: address, ...(port === undefined ? {} : { port }) };
    const connected = await connect(target, login, { clock, random, onOffer }, signal);
    if (permit?.ok === false) return permit;
    verdict = connected.ok ? 'accepted' : verdictOf(connected, permit !== undefined);
    return connected;
  } finally {
    if (permit?.ok === true) permit.value.settle(verdict);
  }
}

async function leaveToTry(
  entry: RosterEntry,
  credential: Credential,
  { breaker, clock }: ReachDeps,
  signal: AbortSignal,
): Promise<Outcome<Permit>> {
  using deadline = startDeadline(clock, PERMIT_MS, signal);
  const permit = await breaker.permit(credential, loginAsker(credential.user, entry), deadline.signal);
  if (permit.ok || !deadline.isExpired) return permit;
  return fail('timed-out', `${entry.name}: others still try credential ${credential.name}`);
}

/** A peer that broke off after it had seen the proof of the password may have judged it. */
const verdictOf = ({ fault }: SmbFailure, hasOffered: boolean): Verdict =>
  fault === 'logon-failure' ? 'denied' : hasOffered ? 'unanswered' : 'not-tried';

async function openShare(
  { name, share = DEFAULT_SHARE, port }: RosterEntry,
  connection: SmbConnection,
  address: string,
  signal: AbortSignal,
): Promise<Outcome<ReachedShare>> {
  const tree = await connection.tree(share, signal);
  if (!tree.ok) {
    connection.close();
    return tree;
  }
  const queue = new QueueShare(tree.value);
  const prepared = await queue.prepare(signal);
  if (!prepared.ok) {
    connection.close();
    return fail(prepared.reason, `${name}: ${prepared.detail}`);
  }
  return succeed({ connection, share: queue, address, way: wayOf(connection.facts, tree.value.isEncrypted, port) });
}

function wayOf({ dialect, signing, cipher }: SmbFacts, isEncrypted: boolean, port: number | undefined): SessionWay {
  const detail = `SMB ${dialect} ${isEncrypted && cipher !== undefined ? cipher : signing}`;
  return { transport: 'smb', port: port ?? 445, auth: 'ntlm', seal: 'sealed', detail };
}
