// Session setup (MS-SMB2 2.2.5, 2.2.6, 3.2.5.3): NTLMv2 within SPNEGO, and the keys that follow from it.
import { NtlmContext } from '#relay/transport/ntlm/ntlm-context.ts';
import { SpnegoLogin } from '#relay/transport/ntlm/spnego.ts';
import { SecurityFailure, type SecurityFailureKind } from '#relay/transport/security-context.ts';
import type { Channel, Reply } from './channel.ts';
import { Encryption } from './encryption.ts';
import { Fields } from './fields.ts';
import { COMMAND, FLAG, FRAME_BYTES, newRequest } from './header.ts';
import type { Negotiated } from './negotiate.ts';
import { SIGNING_REQUIRED } from './negotiate.ts';
import { keysOf30, keysOf311, type PreauthHash, type SessionKeys } from './session-keys.ts';
import { newSigner } from './signing.ts';
import { SmbError, type SmbFault } from './smb-fault.ts';
import type { SmbDeps, SmbLogin, SmbPolicy, SmbTarget } from './smb-files.ts';
import { STATUS, statusError } from './status.ts';

export interface LoginOptions {
  channel: Channel;
  negotiated: Negotiated;
  /** Of 3.1.1: begun with the negotiation. */
  preauth: PreauthHash;
  target: SmbTarget;
  login: SmbLogin;
  policy: SmbPolicy;
  deps: SmbDeps;
}

/** 2.2.6, SessionFlags. */
const SESSION = { guest: 1, anonymous: 2, encrypted: 4 };
const BODY_BYTES = 24;

const FAULT_OF_KIND: Readonly<Record<SecurityFailureKind, SmbFault>> = {
  malformed: 'malformed',
  downgrade: 'downgraded',
  denied: 'logon-failure',
  integrity: 'downgraded',
  unsupported: 'unsupported',
  refused: 'refused',
  unreachable: 'unreachable',
  unanswered: 'unreachable',
};

function encodeSessionSetup(token: Uint8Array): Buffer {
  const { frame, body } = newRequest(BODY_BYTES + token.length);
  body.writeUInt16LE(25, 0);
  body.writeUInt8(SIGNING_REQUIRED, 3);
  body.writeUInt16LE(64 + BODY_BYTES, 12);
  body.writeUInt16LE(token.length, 14);
  body.set(token, BODY_BYTES);
  return frame;
}

function decodeSessionSetup({ message, header }: Reply): { flags: number; token: Buffer } {
  const isGood = header.status === STATUS.ok || header.status === STATUS.moreProcessingRequired;
  if (!isGood) throw statusError(header.status, 'login');
  const fields = new Fields(message, 'login');
  return { flags: fields.u16(66), token: Buffer.from(fields.slice(fields.u16(68), fields.u16(70))) };
}

async function step(spnego: SpnegoLogin, token?: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return await spnego.step(token);
  } catch (error) {
    if (error instanceof SecurityFailure)
      throw new SmbError(FAULT_OF_KIND[error.kind], error.message, { cause: error });
    throw error;
  }
}

function newContext({ login, target, deps }: LoginOptions): NtlmContext {
  const { user, domain = '', password } = login;
  return new NtlmContext({
    login: { user, domain, password },
    targetName: `cifs/${target.host}`,
    demand: 'sign',
    clock: deps.clock,
    randomBytes: (size) => deps.random(new Uint8Array(size)),
  });
}

/** Sends one token; the request and every answer but the last are part of the hash (3.2.5.3). */
async function exchange(options: LoginOptions, token: Uint8Array, signal: AbortSignal): Promise<Reply> {
  const frame = encodeSessionSetup(token);
  const answer = options.channel.send({ command: COMMAND.sessionSetup, frame }, signal);
  options.preauth.add(frame.subarray(FRAME_BYTES));
  const reply = await answer;
  if (reply.header.status !== STATUS.ok) options.preauth.add(reply.message);
  return reply;
}

function keysOf({ negotiated, preauth }: LoginOptions, sessionKey: Uint8Array): SessionKeys {
  if (negotiated.dialect !== '3.1.1') return keysOf30(sessionKey);
  return keysOf311(sessionKey, preauth.value, negotiated.cipher?.startsWith('AES-256') === true ? 32 : 16);
}

/** The last answer: who we are, and that it was signed with a key that only the server and we can have. */
function protectionAfter(options: LoginOptions, reply: Reply, sessionKey: Uint8Array) {
  const { negotiated, policy } = options;
  const { flags } = decodeSessionSetup(reply);
  if ((flags & (SESSION.guest | SESSION.anonymous)) !== 0)
    throw new SmbError('guest-session', 'the server let us in as a guest, not as who we are');
  const keys = keysOf(options, sessionKey);
  const signer = newSigner(negotiated.signing === 'AES-GMAC' ? 'AES-GMAC' : 'AES-CMAC', keys.signing);
  if ((reply.header.flags & FLAG.signed) === 0)
    throw new SmbError('not-signed', 'the end of the login has no signature');
  if (!signer.verify(reply.message)) throw new SmbError('bad-signature', 'the login was changed on its way');
  const isEncrypted = policy.isEncrypted || (flags & SESSION.encrypted) !== 0;
  if (isEncrypted && negotiated.cipher === undefined)
    throw new SmbError('not-encrypted', 'the server wants encryption with no cipher that we know');
  const encryption =
    negotiated.cipher === undefined ? undefined : new Encryption(negotiated.cipher, keys, reply.header.sessionId);
  return { signer, encryption, isEncrypted };
}

/** Logs in and puts the channel under protection; says whether everything is encrypted. */
export async function logIn(options: LoginOptions, signal: AbortSignal): Promise<{ isEncrypted: boolean }> {
  const { channel, deps } = options;
  const context = newContext(options);
  try {
    const spnego = new SpnegoLogin(context);
    const first = await exchange(options, (await step(spnego)) ?? Buffer.alloc(0), signal);
    if (first.header.status === STATUS.ok)
      throw new SmbError('guest-session', 'the server let us in before it knew who we are');
    const challenge = decodeSessionSetup(first);
    channel.name(first.header.sessionId);
    const proof = await step(spnego, challenge.token);
    await deps.onOffer?.();
    const last = await exchange(options, proof ?? Buffer.alloc(0), signal);
    if (last.header.status === STATUS.moreProcessingRequired)
      throw new SmbError('unsupported', 'the server wants to go on with a login that is over');
    const { token } = decodeSessionSetup(last);
    if (last.header.sessionId !== first.header.sessionId)
      throw new SmbError('malformed', 'the session changed its name');
    const protection = protectionAfter(options, last, context.exportedSessionKey);
    await step(spnego, token);
    channel.protect(protection);
    return { isEncrypted: protection.isEncrypted };
  } finally {
    context.dispose();
  }
}
