// NTLMv2 as a client: three messages, then sealing. Weaker than demanded is refused before anything derived from the password leaves.
import {
  type ChannelBinding,
  type SealedMessage,
  type SecurityContext,
  SecurityFailure,
} from '#relay/transport/security-context.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AV, AV_FLAG_MIC, type AvPairs, encodeAvPairs } from './av-pairs.ts';
import { askedFlags, lacking, type NtlmDemand } from './flags.ts';
import { channelBindingHash, clientBlob, hmacMd5, ntHash, ntOwfV2, ntProof, sessionBaseKey } from './keys.ts';
import { type Challenge, decodeChallenge, encodeAuthenticate, encodeNegotiate, MIC_OFFSET } from './messages.ts';
import type { NtlmLogin } from './ntlm-login.ts';
import { utf16 } from './payload.ts';
import { Rc4 } from './rc4.ts';
import { NtlmSealing } from './sealing.ts';

export interface NtlmOptions {
  login: NtlmLogin;
  /** Whom we mean to reach, as a service principal: `HTTP/host` or `cifs/host`. The server may compare it. */
  targetName: string;
  channelBinding?: ChannelBinding | undefined;
  demand: NtlmDemand;
  clock: Pick<Clock, 'now'>;
  randomBytes: (size: number) => Uint8Array;
}

// 100 ns steps from 1601-01-01 to 1970-01-01.
const FILETIME_OF_1970 = 116_444_736_000_000_000n;

export class NtlmContext implements SecurityContext {
  readonly mechanism = 'ntlm';
  readonly #options: Omit<NtlmOptions, 'login'>;
  readonly #user: string;
  readonly #domain: string;
  readonly #ntHash: Buffer;
  #negotiate: Buffer | undefined;
  #sealing: NtlmSealing | undefined;
  #exportedKey: Buffer | undefined;
  #isOver = false;

  constructor({ login, ...options }: NtlmOptions) {
    this.#options = options;
    this.#user = login.user;
    this.#domain = login.domain;
    this.#ntHash = ntHash(login.password);
  }

  /** True once the last message is written; whether the server accepts it shows in what it does next. */
  get isComplete(): boolean {
    return this.#sealing !== undefined && !this.#isOver;
  }

  /** ExportedSessionKey (MS-NLMP 3.1.5.1.2), a copy: what SMB derives its own keys from. */
  get exportedSessionKey(): Uint8Array {
    if (this.#exportedKey === undefined || this.#isOver) throw notReady();
    return Uint8Array.from(this.#exportedKey);
  }

  async step(token?: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#isOver) throw notReady();
    try {
      return this.#next(token);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  wrap(plain: Uint8Array): SealedMessage {
    return this.#ready().wrap(plain);
  }

  unwrap(sealed: SealedMessage): Uint8Array {
    return this.#ready().unwrap(sealed);
  }

  /** Signs without sealing (GSS_GetMIC); it takes a sequence number like `wrap`. */
  sign(data: Uint8Array): Uint8Array {
    return this.#ready().sign(data);
  }

  /** Throws `integrity` when the peer did not sign these bytes with its next sequence number. */
  verify(data: Uint8Array, signature: Uint8Array): void {
    this.#ready().verify(data, signature);
  }

  dispose(): void {
    this.#isOver = true;
    this.#ntHash.fill(0);
    this.#exportedKey?.fill(0);
    this.#sealing?.wipe();
  }

  #ready(): NtlmSealing {
    if (this.#sealing === undefined || this.#isOver) throw notReady();
    return this.#sealing;
  }

  #next(token: Uint8Array | undefined): Uint8Array | undefined {
    if (this.#negotiate === undefined) {
      if (token !== undefined) throw new SecurityFailure('malformed', 'NTLM: the peer spoke first');
      this.#negotiate = encodeNegotiate(askedFlags(this.#options.demand));
      return Uint8Array.from(this.#negotiate);
    }
    if (this.#sealing === undefined) {
      if (token === undefined) throw new SecurityFailure('malformed', 'NTLM: the peer sent no challenge');
      return this.#answer(this.#negotiate, token);
    }
    if (token === undefined || token.length === 0) return undefined;
    throw new SecurityFailure('malformed', 'NTLM: the peer sent one message too many');
  }

  /** MS-NLMP 3.1.5.1.2: from the challenge to the AUTHENTICATE_MESSAGE and the keys. */
  #answer(negotiate: Buffer, token: Uint8Array): Uint8Array {
    const challenge = decodeChallenge(token);
    const missing = lacking(challenge.flags, this.#options.demand);
    if (missing.length > 0)
      throw new SecurityFailure('downgrade', `NTLM: the server does without ${missing.join(', ')}`);
    const domain = this.#domain === '.' ? machineName(challenge.pairs) : this.#domain;
    const owf = ntOwfV2(this.#ntHash, this.#user, domain);
    const blob = this.#blob(challenge);
    const proof = ntProof(owf, challenge.serverChallenge, blob);
    const baseKey = sessionBaseKey(owf, proof);
    const exported = Buffer.from(this.#options.randomBytes(16));
    const message = encodeAuthenticate({
      flags: (challenge.flags & askedFlags(this.#options.demand)) >>> 0,
      domain,
      user: this.#user,
      // The LM response is never computed: zeros, as MS-NLMP wants them beside a timestamp, and servers of NTLMv2 read the other one.
      lmResponse: Buffer.alloc(24),
      ntResponse: Buffer.concat([proof, blob]),
      encryptedSessionKey: new Rc4(baseKey).update(exported),
    });
    hmacMd5(exported, negotiate, token, message).copy(message, MIC_OFFSET);
    for (const key of [owf, baseKey, this.#ntHash]) key.fill(0);
    this.#exportedKey = exported;
    this.#sealing = new NtlmSealing(exported, 'client');
    return message;
  }

  /** The server's attributes, and ours: we sign the exchange, know its channel and whom we meant. */
  #blob(challenge: Challenge): Buffer {
    const { channelBinding, targetName, clock, randomBytes } = this.#options;
    const pairs = new Map(challenge.pairs);
    const flags = Buffer.alloc(4);
    const offered = pairs.get(AV.flags);
    flags.writeUInt32LE(((offered === undefined ? 0 : Buffer.from(offered).readUInt32LE(0)) | AV_FLAG_MIC) >>> 0);
    pairs.set(AV.flags, flags);
    // Sixteen zeros say "no channel" (MS-NLMP 2.2.2.1), so that nobody can take the attribute out unseen.
    pairs.set(
      AV.channelBindings,
      channelBinding === undefined ? Buffer.alloc(16) : channelBindingHash(channelBinding.applicationData),
    );
    pairs.set(AV.targetName, utf16(targetName));
    const stamp = pairs.get(AV.timestamp);
    const time =
      stamp === undefined ? BigInt(clock.now()) * 10_000n + FILETIME_OF_1970 : Buffer.from(stamp).readBigUInt64LE(0);
    return clientBlob(time, randomBytes(8), encodeAvPairs(pairs));
  }
}

function notReady(): SecurityFailure {
  return new SecurityFailure('integrity', 'NTLM: this login is not complete or is over');
}

/** What `.` stands for. */
function machineName(pairs: AvPairs): string {
  const name = pairs.get(AV.nbComputerName);
  if (name === undefined || name.length === 0 || name.length % 2 !== 0)
    throw new SecurityFailure('malformed', 'NTLM: the server does not say its name, which .\\user needs');
  return Buffer.from(name).toString('utf16le');
}
