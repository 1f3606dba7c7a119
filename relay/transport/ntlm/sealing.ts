// Signing and sealing after the login (MS-NLMP 3.4): two key streams and two counters that live as long as the connection.
import { timingSafeEqual } from 'node:crypto';
import { type SealedMessage, SecurityFailure } from '#relay/transport/security-context.ts';
import { hmacMd5, type Speaker, sealKey, signKey } from './keys.ts';
import { Rc4 } from './rc4.ts';

// MS-NLMP 2.2.2.9.2: version, checksum of eight bytes, sequence number.
export const SIGNATURE_BYTES = 16;

class Direction {
  readonly #signKey: Buffer;
  readonly #stream: Rc4;
  #sequence = 0;

  constructor(exportedSessionKey: Uint8Array, speaker: Speaker) {
    this.#signKey = signKey(exportedSessionKey, speaker);
    const key = sealKey(exportedSessionKey, speaker);
    this.#stream = new Rc4(key);
    key.fill(0);
  }

  crypt(data: Uint8Array): Buffer {
    return this.#stream.update(data);
  }

  /** MAC with extended session security and key exchange (MS-NLMP 3.4.4.2). */
  mac(plain: Uint8Array): Buffer {
    const sequence = Buffer.alloc(4);
    sequence.writeUInt32LE(this.#sequence);
    this.#sequence = (this.#sequence + 1) >>> 0;
    const checksum = this.#stream.update(hmacMd5(this.#signKey, sequence, plain).subarray(0, 8));
    return Buffer.concat([Buffer.from([1, 0, 0, 0]), checksum, sequence]);
  }

  wipe(): void {
    this.#signKey.fill(0);
    this.#stream.wipe();
  }
}

/** What both ends do with the exported session key; `speaker` says which end this is. */
export class NtlmSealing {
  readonly #out: Direction;
  readonly #in: Direction;

  constructor(exportedSessionKey: Uint8Array, speaker: Speaker) {
    this.#out = new Direction(exportedSessionKey, speaker);
    this.#in = new Direction(exportedSessionKey, speaker === 'client' ? 'server' : 'client');
  }

  /** GSS_WrapEx (MS-NLMP 3.4.6): the data goes through the stream before its checksum does. */
  wrap(plain: Uint8Array): SealedMessage {
    const data = this.#out.crypt(plain);
    return { signature: this.#out.mac(plain), data };
  }

  /** GSS_UnwrapEx (MS-NLMP 3.4.7). */
  unwrap({ signature, data }: SealedMessage): Buffer {
    const plain = this.#in.crypt(data);
    this.verify(plain, signature);
    return plain;
  }

  /** GSS_GetMICEx (MS-NLMP 3.4.8): the data stays readable. */
  sign(data: Uint8Array): Buffer {
    return this.#out.mac(data);
  }

  /** GSS_VerifyMICEx (MS-NLMP 3.4.9). */
  verify(data: Uint8Array, signature: Uint8Array): void {
    const expected = this.#in.mac(data);
    if (signature.length !== SIGNATURE_BYTES || !timingSafeEqual(expected, signature))
      throw new SecurityFailure('integrity', "NTLM: the signature of the peer's message is wrong");
  }

  wipe(): void {
    this.#out.wipe();
    this.#in.wipe();
  }
}
