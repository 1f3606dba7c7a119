// Ed25519 keys in OpenSSH's form from 32 bytes: cheap, and the same seed gives a simulated device the same host key again.
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

export interface SshKey {
  /** OpenSSH private key file, not encrypted. */
  privateKey: string;
  /** One authorized_keys line without a comment. */
  publicLine: string;
  /** The public key as it travels: string "ssh-ed25519", string key. */
  publicBlob: Buffer;
  /** "SHA256:..." as ssh-keygen -l prints it. */
  fingerprint: string;
}

// RFC 8410: PKCS #8 header of an Ed25519 private key; the 32 bytes follow.
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_TYPE = 'ssh-ed25519';
const LABEL = ['OPENSSH', 'PRIVATE', 'KEY'].join(' ');
/** The private part is padded to the block size of the cipher "none". */
const BLOCK = 8;

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function string(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function publicBytes(seed: Uint8Array): Buffer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEADER, seed]), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
}

function privatePart(seed: Uint8Array, pub: Buffer): Buffer {
  const check = uint32(0x6c_61_62_21); // any number, twice: tells a reader that decryption went well
  const body = [check, check, string(KEY_TYPE), string(pub), string(Buffer.concat([seed, pub])), string('')];
  const bytes = Buffer.concat(body);
  const padding = (BLOCK - (bytes.length % BLOCK)) % BLOCK;
  return Buffer.concat([bytes, Buffer.from(Array.from({ length: padding }, (_, i) => i + 1))]);
}

/** The key of these 32 bytes. */
export function ed25519Key(seed: Uint8Array): SshKey {
  const pub = publicBytes(seed);
  const blob = Buffer.concat([string(KEY_TYPE), string(pub)]);
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    string('none'),
    string('none'),
    string(''),
    uint32(1),
    string(blob),
    string(privatePart(seed, pub)),
  ]);
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  return {
    privateKey: `-----BEGIN ${LABEL}-----\n${lines.join('\n')}\n-----END ${LABEL}-----\n`,
    publicLine: `${KEY_TYPE} ${blob.toString('base64')}`,
    publicBlob: blob,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
  };
}
