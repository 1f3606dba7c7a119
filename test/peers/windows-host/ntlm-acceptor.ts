// NTLMv2 as the fake host accepts it: challenge, then the answer with its proof, MIC and channel binding checked (MS-NLMP 3.2.5).
import { timingSafeEqual } from 'node:crypto';
import { AV, AV_FLAG_MIC, decodeAvPairs, encodeAvPairs } from '#relay/transport/ntlm/av-pairs.ts';
import { FLAG } from '#relay/transport/ntlm/flags.ts';
import { channelBindingHash, hmacMd5, ntOwfV2, ntProof, sessionBaseKey } from '#relay/transport/ntlm/keys.ts';
import { checkedMessage, messageHead, readField, utf16, writeField } from '#relay/transport/ntlm/payload.ts';
import { Rc4 } from '#relay/transport/ntlm/rc4.ts';
import { NtlmSealing } from '#relay/transport/ntlm/sealing.ts';
import type { ChannelBinding } from '#relay/transport/security-context.ts';
import { type Acceptor, type AcceptStep, LoginRefused } from './acceptor.ts';
import type { Accounts } from './accounts.ts';

/** A challenge that a man in the middle, or a very old host, would send. */
export type WeakChallenge = 'none' | keyof typeof STRIPPED | 'no-timestamp';

const STRIPPED = {
  'no-seal': FLAG.seal,
  'no-sign': FLAG.sign,
  'no-session-security': FLAG.extendedSessionSecurity,
  'no-key-exchange': FLAG.keyExchange,
  'no-128': FLAG.key128,
  'no-unicode': FLAG.unicode,
  'no-target-info': FLAG.targetInfo,
} as const;

/** CbtHardeningLevel of the service (MS-WSMV 2.2.4.10): `relaxed` checks a binding that is given, `strict` demands one. */
export type CbtLevel = 'none' | 'relaxed' | 'strict';

export interface NtlmAcceptorOptions {
  accounts: Accounts;
  machine: string;
  dnsName: string;
  domain: string;
  nowMs: number;
  serverChallenge: Uint8Array;
  weak: WeakChallenge;
  /** Windows verifies a MIC that is announced; demanding one as well is for clients of ours. */
  isMicDemanded: boolean;
  cbt: CbtLevel;
  /** Of the TLS channel below; undefined over plain HTTP, where there is nothing to bind to. */
  channel: ChannelBinding | undefined;
}

const FILETIME_OF_1970 = 116_444_736_000_000_000n; // 100 ns steps from 1601
const CHALLENGE_HEAD = 56; // MS-NLMP 2.2.1.2, with the version
const AUTHENTICATE_HEAD = 64; // MS-NLMP 2.2.1.3, without version and MIC, which old clients leave out
/** NTLMSSP_NEGOTIATE_OEM: only for clients that do not ask for UTF-16. */
const NEGOTIATE_OEM = 0x2;
const MIC_OFFSET = 72;

function targetInfo({ machine, dnsName, domain, nowMs, weak }: NtlmAcceptorOptions): Buffer {
  const pairs = new Map<number, Uint8Array>([
    [AV.nbDomainName, utf16(domain)],
    [AV.nbComputerName, utf16(machine)],
    [AV.dnsDomainName, utf16(dnsName)],
    [AV.dnsComputerName, utf16(dnsName)],
  ]);
  if (weak !== 'no-timestamp') {
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64LE(BigInt(Math.floor(nowMs)) * 10_000n + FILETIME_OF_1970);
    pairs.set(AV.timestamp, stamp);
  }
  return encodeAvPairs(pairs);
}

const isEqual = (a: Uint8Array, b: Uint8Array) => a.length === b.length && timingSafeEqual(a, b);

interface Answer {
  message: Buffer;
  user: string;
  domain: string;
  ntResponse: Buffer;
  encryptedKey: Buffer;
  flags: number;
}

/** Names are in the machine's code page where UTF-16 was not agreed on (MS-NLMP 2.2.2.5); target information never is. */
const encodingOf = (flags: number) => ((flags & FLAG.unicode) === 0 ? 'latin1' : 'utf16le');

function readAnswer(token: Uint8Array): Answer {
  const message = checkedMessage(token, 3, AUTHENTICATE_HEAD);
  const flags = message.readUInt32LE(60);
  const encoding = encodingOf(flags);
  const text = (at: number, name: string) => readField(message, at, AUTHENTICATE_HEAD, name).toString(encoding);
  return {
    message,
    domain: text(28, 'the domain'),
    user: text(36, 'the user'),
    ntResponse: readField(message, 20, AUTHENTICATE_HEAD, 'the response'),
    encryptedKey: readField(message, 52, AUTHENTICATE_HEAD, 'the key'),
    flags,
  };
}

export class NtlmAcceptor implements Acceptor {
  readonly #options: NtlmAcceptorOptions;
  #negotiate: Buffer | undefined;
  #challenge = Buffer.alloc(0);

  constructor(options: NtlmAcceptorOptions) {
    this.#options = options;
  }

  step(token: Uint8Array): AcceptStep {
    if (this.#negotiate === undefined) return { token: this.#answerNegotiate(token) };
    return this.#authenticate(token);
  }

  #answerNegotiate(token: Uint8Array): Buffer {
    // 16 bytes: old clients leave domain, workstation and version out.
    const message = checkedMessage(token, 1, 16);
    this.#negotiate = Buffer.from(message);
    const { weak, machine, serverChallenge } = this.#options;
    const asked = message.readUInt32LE(12);
    const granted =
      (asked &
        (FLAG.unicode |
          FLAG.sign |
          FLAG.seal |
          FLAG.alwaysSign |
          FLAG.extendedSessionSecurity |
          FLAG.key128 |
          FLAG.key56 |
          FLAG.keyExchange)) |
      ((asked & FLAG.unicode) === 0 ? asked & NEGOTIATE_OEM : 0) |
      FLAG.ntlm |
      FLAG.requestTarget |
      FLAG.targetIsServer |
      FLAG.targetInfo |
      FLAG.version;
    const stripped = weak === 'none' || weak === 'no-timestamp' ? 0 : STRIPPED[weak];
    const head = Buffer.alloc(CHALLENGE_HEAD);
    messageHead(2).copy(head);
    const name = Buffer.from(machine, encodingOf(granted & ~stripped));
    const info = weak === 'no-target-info' ? Buffer.alloc(0) : targetInfo(this.#options);
    const offset = writeField(head, 12, name, CHALLENGE_HEAD);
    head.writeUInt32LE((granted & ~stripped) >>> 0, 20);
    head.set(serverChallenge, 24);
    writeField(head, 40, info, offset);
    Buffer.from([10, 0, 0x63, 0x45, 0, 0, 0, 15]).copy(head, 48); // Windows 10.0.17763, revision 15
    this.#challenge = Buffer.concat([head, name, info]);
    return this.#challenge;
  }

  #authenticate(token: Uint8Array): AcceptStep {
    const { accounts, machine, serverChallenge } = this.#options;
    const answer = readAnswer(token);
    const account = accounts.find(answer.user);
    // 16 bytes of proof and a blob of at least 28: what is shorter is NTLMv1 or LM, which Windows refuses by default.
    if (answer.ntResponse.length < 44) throw new LoginRefused('weak', 'not NTLMv2');
    const needed = FLAG.extendedSessionSecurity | FLAG.keyExchange | FLAG.key128;
    if ((answer.flags & needed) !== needed) throw new LoginRefused('weak', 'weak session keys');
    const blob = answer.ntResponse.subarray(16);
    const owf = ntOwfV2(account.hash, answer.user, answer.domain);
    const proof = ntProof(owf, serverChallenge, blob);
    if (!isEqual(proof, answer.ntResponse.subarray(0, 16))) throw accounts.wrongPassword(account);
    const exported = new Rc4(sessionBaseKey(owf, proof)).update(answer.encryptedKey);
    if (exported.length !== 16) throw new LoginRefused('weak', 'no session key');
    const pairs = decodeAvPairs(blob.subarray(28));
    this.#checkMic(answer.message, pairs, exported);
    this.#checkChannel(pairs);
    const sealing = new NtlmSealing(exported, 'server');
    return {
      accepted: {
        mechanism: 'ntlm',
        user: `${answer.domain === '' ? machine : answer.domain}\\${account.user}`,
        wrap: (plain) => sealing.wrap(plain),
        unwrap: (sealed) => sealing.unwrap(sealed),
      },
    };
  }

  /** MS-NLMP 3.2.5.1.2: the MIC covers all three messages, with sixteen zeros in its own place. */
  #checkMic(message: Buffer, pairs: ReadonlyMap<number, Uint8Array>, exported: Buffer): void {
    const flags = pairs.get(AV.flags);
    const isAnnounced = flags !== undefined && (Buffer.from(flags).readUInt32LE(0) & AV_FLAG_MIC) !== 0;
    if (!isAnnounced) {
      if (this.#options.isMicDemanded) throw new LoginRefused('no-mic');
      return;
    }
    const given = Buffer.from(message.subarray(MIC_OFFSET, MIC_OFFSET + 16));
    const bare = Buffer.from(message);
    bare.fill(0, MIC_OFFSET, MIC_OFFSET + 16);
    const expected = hmacMd5(exported, this.#negotiate ?? Buffer.alloc(0), this.#challenge, bare);
    if (!isEqual(expected, given)) throw new LoginRefused('bad-mic');
  }

  #checkChannel(pairs: ReadonlyMap<number, Uint8Array>): void {
    const { cbt, channel } = this.#options;
    if (cbt === 'none' || channel === undefined) return;
    const given = pairs.get(AV.channelBindings);
    const isGiven = given?.some((byte) => byte !== 0) === true;
    if (!isGiven && cbt === 'relaxed') return;
    if (given === undefined || !isGiven || !isEqual(given, channelBindingHash(channel.applicationData)))
      throw new LoginRefused('channel-binding');
  }
}
