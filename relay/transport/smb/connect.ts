// From an address and a login to an authenticated connection, or to the reason why not.
import { Channel } from './channel.ts';
import { COMMAND, FRAME_BYTES } from './header.ts';
import { openLine } from './line.ts';
import { logIn } from './login.ts';
import {
  decodeNegotiate,
  demandPolicy,
  dialectsOf,
  encodeNegotiate,
  type Negotiated,
  newOffer,
  type Offer,
} from './negotiate.ts';
import { OpenConnection } from './open-connection.ts';
import { CONNECT_MS, REPLY_MS, SMB_PORT } from './patience.ts';
import { PreauthHash } from './session-keys.ts';
import { failureOf, SmbError } from './smb-fault.ts';
import type { ConnectSmb, SmbDeps, SmbDialect, SmbPolicy, SmbTarget } from './smb-files.ts';
import { STATUS, statusError } from './status.ts';

const DEFAULT_POLICY: SmbPolicy = { minimumDialect: '3.0', isEncrypted: false };

export interface Greeted {
  channel: Channel;
  offer: Offer;
  negotiated: Negotiated;
  preauth: PreauthHash;
}

type DialDeps = Pick<SmbDeps, 'clock' | 'random' | 'connectMs' | 'replyMs'>;

/** Connects and negotiates; nothing of a login is said. The channel of a failure is closed. */
export async function greet(
  target: SmbTarget,
  dialects: readonly SmbDialect[],
  deps: DialDeps,
  signal: AbortSignal,
): Promise<Greeted> {
  const { clock, random, connectMs = CONNECT_MS, replyMs = REPLY_MS } = deps;
  const channel = new Channel({ clock, replyMs });
  const where = { host: target.host, port: target.port ?? SMB_PORT, clock, connectMs };
  channel.attach(await openLine(where, channel, signal));
  try {
    const offer = newOffer(dialects, random);
    const preauth = new PreauthHash();
    const frame = encodeNegotiate(offer, random);
    const answer = channel.send({ command: COMMAND.negotiate, frame }, signal);
    preauth.add(frame.subarray(FRAME_BYTES));
    const reply = await answer;
    // STATUS_NOT_SUPPORTED: none of our dialects.
    if (reply.header.status !== STATUS.ok)
      throw new SmbError('dialect-too-old', statusError(reply.header.status, `SMB ${dialects.join(', ')}`).message);
    preauth.add(reply.message);
    return { channel, offer, negotiated: decodeNegotiate(reply.message, offer), preauth };
  } catch (error) {
    channel.fail(new SmbError('lost', 'closed by us'));
    throw error;
  }
}

/** A server that hangs up on our dialects speaks older ones, or none. */
function tooOld(error: unknown): unknown {
  if (!(error instanceof SmbError) || error.fault !== 'lost') return error;
  return new SmbError('refused', 'the server closed the connection when asked for SMB 3', { cause: error });
}

export const connectSmb: ConnectSmb = async (target, login, deps, signal) => {
  const policy = { ...DEFAULT_POLICY, ...deps.policy };
  let channel: Channel | undefined;
  try {
    const greeted = await greet(target, dialectsOf(policy), deps, signal).catch((error: unknown) => {
      throw tooOld(error);
    });
    channel = greeted.channel;
    demandPolicy(greeted.negotiated, policy);
    const { isEncrypted } = await logIn({ ...greeted, target, login, policy, deps }, signal);
    return { ok: true, value: new OpenConnection({ ...greeted, target, isEncrypted, deps }) };
  } catch (error) {
    channel?.fail(new SmbError('lost', 'closed by us'));
    return failureOf(target.name, error);
  }
};
