// NTLM as a Windows host answers it: makes challenges and judges what comes back. Pure functions; the product never is a server.
import { timingSafeEqual } from 'node:crypto';
import { AV, AV_FLAG_MIC, type AvPairs, decodeAvPairs, encodeAvPairs } from '#relay/transport/ntlm/av-pairs.ts';
import { FLAG } from '#relay/transport/ntlm/flags.ts';
import { channelBindingHash, hmacMd5, ntHash, ntOwfV2, ntProof, sessionBaseKey } from '#relay/transport/ntlm/keys.ts';
import { AUTHENTICATE_HEAD_BYTES, MIC_OFFSET } from '#relay/transport/ntlm/messages.ts';
import { checkedMessage, messageHead, readField, utf16, writeField } from '#relay/transport/ntlm/payload.ts';
import { Rc4 } from '#relay/transport/ntlm/rc4.ts';
import { NtlmSealing } from '#relay/transport/ntlm/sealing.ts';
import { type SealedMessage, SecurityFailure } from '#relay/transport/security-context.ts';

export interface HostNames {
  nbComputer: string;
  nbDomain: string;
  dnsComputer: string;
  dnsDomain: string;
}

export interface ChallengeOptions {
  names: HostNames;
  /** 8 bytes, from a random source. */
  serverChallenge: Uint8Array;
  /** MsvAvTimestamp, 100 ns since 1601; undefined leaves it out, as servers before Vista did. */
  timestamp: bigint | undefined;
  /** Of the flags that the client asked for, those that the host takes away: for tests of downgrades. */
  without?: number;
}

// MS-NLMP 2.2.1.1: signature, type and flags; older clients send no more.
const NEGOTIATE_HEAD_BYTES = 16;
const CHALLENGE_HEAD_BYTES = 56;

const GRANTED =
  FLAG.unicode |
  FLAG.requestTarget |
  FLAG.sign |
  FLAG.seal |
  FLAG.ntlm |
  FLAG.alwaysSign |
  FLAG.extendedSessionSecurity |
  FLAG.version |
  FLAG.key128 |
  FLAG.keyExchange |
  FLAG.key56;

/** NTLMSSP_NEGOTIATE_OEM: granted to clients that do not ask for UTF-16. */
const NEGOTIATE_OEM = 0x2;
const granted = (asked: number): number => asked & ((asked & FLAG.unicode) === 0 ? GRANTED | NEGOTIATE_OEM : GRANTED);

/** Names are in the machine's code page where UTF-16 was not agreed on (MS-NLMP 2.2.2.5); target information never is. */
const encodingOf = (flags: number) => ((flags & FLAG.unicode) === 0 ? 'latin1' : 'utf16le');

/** CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2) for a client's NEGOTIATE_MESSAGE; throws SecurityFailure for what is none. */
export function makeChallenge(negotiate: Uint8Array, options: ChallengeOptions): Buffer {
  const asked = checkedMessage(negotiate, 1, NEGOTIATE_HEAD_BYTES).readUInt32LE(12);
  const { names } = options;
  const pairs = new Map<number, Uint8Array>([
    [AV.nbDomainName, utf16(names.nbDomain)],
    [AV.nbComputerName, utf16(names.nbComputer)],
    [AV.dnsDomainName, utf16(names.dnsDomain)],
    [AV.dnsComputerName, utf16(names.dnsComputer)],
  ]);
  if (options.timestamp !== undefined) {
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64LE(options.timestamp);
    pairs.set(AV.timestamp, stamp);
  }
  const flags = (granted(asked) | FLAG.targetIsServer | FLAG.targetInfo) & ~(options.without ?? 0);
  const target = Buffer.from(names.nbComputer, encodingOf(flags));
  const info = encodeAvPairs(pairs);
  const head = Buffer.alloc(CHALLENGE_HEAD_BYTES);
  messageHead(2).copy(head);
  writeField(head, 40, info, writeField(head, 12, target, CHALLENGE_HEAD_BYTES));
  head.writeUInt32LE(flags >>> 0, 20);
  head.set(options.serverChallenge.subarray(0, 8), 24);
  Buffer.from([10, 0, 0x61, 0x58, 0, 0, 0, 15]).copy(head, 48);
  return Buffer.concat([head, target, info]);
}

export interface LoginAttempt {
  /** The three messages as they went over the wire. */
  negotiate: Uint8Array;
  challenge: Uint8Array;
  authenticate: Uint8Array;
  /** Undefined for an account that does not exist. */
  passwordOf: (user: string, domain: string) => string | undefined;
  /** `applicationData` of the channel; with it the client's hash must be of this channel, as CbtHardeningLevel Strict wants. */
  channelBinding?: Uint8Array | undefined;
  /** CbtHardeningLevel Relaxed: a client may leave the hash out. */
  isBindingOptional?: boolean;
}

export type LoginFault =
  | 'malformed'
  | 'weak-flags'
  | 'lm-response'
  | 'ntlm-v1'
  | 'unknown-user'
  | 'wrong-password'
  | 'no-mic'
  | 'wrong-mic'
  | 'no-channel-binding'
  | 'wrong-channel-binding';

export type LoginVerdict =
  | { ok: true; user: string; domain: string; targetName: string; exportedSessionKey: Buffer; flags: number }
  | { ok: false; fault: LoginFault };

interface Answer {
  message: Buffer;
  user: string;
  domain: string;
  proof: Buffer;
  blob: Buffer;
  pairs: AvPairs;
  encryptedKey: Buffer;
  flags: number;
}

/** AUTHENTICATE_MESSAGE (MS-NLMP 2.2.1.3). */
function readAuthenticate(token: Uint8Array): Answer | LoginFault {
  const message = checkedMessage(token, 3, AUTHENTICATE_HEAD_BYTES);
  const field = (at: number, name: string) => readField(message, at, AUTHENTICATE_HEAD_BYTES, name);
  const flags = message.readUInt32LE(60);
  if (field(12, 'the LM response').some((byte) => byte !== 0)) return 'lm-response';
  const response = field(20, 'the NT response');
  // NTLMv1 answers have 24 bytes; NTLMv2 ones a proof of 16 and a blob of at least 32 (MS-NLMP 2.2.2.8).
  if (response.length < 48) return 'ntlm-v1';
  const blob = response.subarray(16);
  if (blob.readUInt16LE(0) !== 0x0101) return 'malformed';
  return {
    message,
    user: field(36, 'the user').toString(encodingOf(flags)),
    domain: field(28, 'the domain').toString(encodingOf(flags)),
    proof: response.subarray(0, 16),
    blob,
    pairs: decodeAvPairs(blob.subarray(28)),
    encryptedKey: field(52, 'the session key'),
    flags,
  };
}

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && timingSafeEqual(a, b);

function channelFault(
  pairs: AvPairs,
  { channelBinding: applicationData, isBindingOptional = false }: LoginAttempt,
): LoginFault | undefined {
  if (applicationData === undefined) return undefined;
  const sent = pairs.get(AV.channelBindings);
  if (sent === undefined || sent.every((byte) => byte === 0))
    return isBindingOptional ? undefined : 'no-channel-binding';
  return same(sent, channelBindingHash(applicationData)) ? undefined : 'wrong-channel-binding';
}

const hasTimestamp = (challenge: Uint8Array) =>
  decodeAvPairs(readField(Buffer.from(challenge), 40, CHALLENGE_HEAD_BYTES, 'the target information')).has(
    AV.timestamp,
  );

/** The MIC is owed beside a timestamp (MS-NLMP 3.1.5.1.2), and must be right wherever it is said to be there. */
function micFault(attempt: LoginAttempt, answer: Answer, exported: Buffer): LoginFault | undefined {
  const said = answer.pairs.get(AV.flags);
  const isThere = said !== undefined && (Buffer.from(said).readUInt32LE(0) & AV_FLAG_MIC) !== 0;
  if (!isThere) return hasTimestamp(attempt.challenge) ? 'no-mic' : undefined;
  const zeroed = Buffer.from(answer.message);
  const mic = Buffer.from(zeroed.subarray(MIC_OFFSET, MIC_OFFSET + 16));
  zeroed.fill(0, MIC_OFFSET, MIC_OFFSET + 16);
  return same(mic, hmacMd5(exported, attempt.negotiate, attempt.challenge, zeroed)) ? undefined : 'wrong-mic';
}

function judge(attempt: LoginAttempt): LoginVerdict {
  const answer = readAuthenticate(attempt.authenticate);
  const refuse = (fault: LoginFault): LoginVerdict => ({ ok: false, fault });
  if (typeof answer === 'string') return refuse(answer);
  const owed = FLAG.sign | FLAG.extendedSessionSecurity | FLAG.key128 | FLAG.keyExchange;
  if ((answer.flags & owed) !== owed || answer.encryptedKey.length !== 16) return refuse('weak-flags');
  const password = attempt.passwordOf(answer.user, answer.domain);
  if (password === undefined) return refuse('unknown-user');
  const owf = ntOwfV2(ntHash(password), answer.user, answer.domain);
  const serverChallenge = Buffer.from(attempt.challenge).subarray(24, 32);
  if (!same(answer.proof, ntProof(owf, serverChallenge, answer.blob))) return refuse('wrong-password');
  const exported = new Rc4(sessionBaseKey(owf, answer.proof)).update(answer.encryptedKey);
  const fault = micFault(attempt, answer, exported) ?? channelFault(answer.pairs, attempt);
  if (fault !== undefined) return refuse(fault);
  const { user, domain, flags } = answer;
  const targetName = Buffer.from(answer.pairs.get(AV.targetName) ?? []).toString('utf16le');
  return { ok: true, user, domain, targetName, exportedSessionKey: exported, flags };
}

/** NTProofStr, MIC and channel binding, in this order; never throws for what a client sent. */
export function verifyAuthenticate(attempt: LoginAttempt): LoginVerdict {
  try {
    return judge(attempt);
  } catch (error) {
    if (error instanceof SecurityFailure) return { ok: false, fault: 'malformed' };
    throw error;
  }
}

/** What the host seals and opens with after a login: what `wrap` and `unwrap` of the client meet. */
export const serverSealing = (
  exportedSessionKey: Uint8Array,
): { wrap(plain: Uint8Array): SealedMessage; unwrap(sealed: SealedMessage): Uint8Array } =>
  new NtlmSealing(exportedSessionKey, 'server');
