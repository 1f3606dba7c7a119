// The keys of NTLMv2, each a function of MS-NLMP 3.3.2 and 3.4.5. There is no NTLMv1 and no LM here, and there will be none.
import { createHash, createHmac } from 'node:crypto';
import { md4 } from './md4.ts';
import { utf16 } from './payload.ts';

export const hmacMd5 = (key: Uint8Array, ...parts: Uint8Array[]): Buffer => {
  const hmac = createHmac('md5', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
};

const md5 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Windows maps each UTF-16 unit by itself; JavaScript would make two letters of one, as of the German sharp s. */
const upperCase = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => {
    const unit = text.charAt(at);
    const upper = unit.toUpperCase();
    return upper.length === 1 ? upper : unit;
  }).join('');

/** NTOWFv1 (MS-NLMP 3.3.1): the hash that Windows stores; it is as good as the password. */
export function ntHash(password: string): Buffer {
  const bytes = utf16(password);
  const hash = md4(bytes);
  bytes.fill(0);
  return hash;
}

/** NTOWFv2 (MS-NLMP 3.3.2), with the domain as it is sent. */
export const ntOwfV2 = (hash: Uint8Array, user: string, domain: string): Buffer =>
  hmacMd5(hash, utf16(upperCase(user) + domain));

/** NTLMv2_CLIENT_CHALLENGE (MS-NLMP 2.2.2.7): `temp` of 3.3.2. `time` is 100 ns since 1601. */
export function clientBlob(time: bigint, clientChallenge: Uint8Array, targetInfo: Uint8Array): Buffer {
  const head = Buffer.alloc(28);
  head.writeUInt16LE(0x0101, 0); // RespType and HiRespType
  head.writeBigUInt64LE(BigInt.asUintN(64, time), 8);
  head.set(clientChallenge.subarray(0, 8), 16);
  return Buffer.concat([head, targetInfo, Buffer.alloc(4)]);
}

export const ntProof = (owf: Uint8Array, serverChallenge: Uint8Array, blob: Uint8Array): Buffer =>
  hmacMd5(owf, serverChallenge, blob);

export const sessionBaseKey = (owf: Uint8Array, proof: Uint8Array): Buffer => hmacMd5(owf, proof);

/** Who speaks: each direction has its own keys. */
export type Speaker = 'client' | 'server';

const PATH = { client: 'client-to-server', server: 'server-to-client' } as const;
// The constants end with NUL, which is part of what is hashed.
const magic = (speaker: Speaker, use: 'signing' | 'sealing') =>
  Buffer.from(`session key to ${PATH[speaker]} ${use} key magic constant\0`, 'latin1');

/** SIGNKEY (MS-NLMP 3.4.5.2). */
export const signKey = (exported: Uint8Array, speaker: Speaker): Buffer => md5(exported, magic(speaker, 'signing'));

/** SEALKEY for 128 bits (MS-NLMP 3.4.5.3). */
export const sealKey = (exported: Uint8Array, speaker: Speaker): Buffer => md5(exported, magic(speaker, 'sealing'));

/** MsvAvChannelBindings (MS-NLMP 3.1.5.1.2): MD5 of a gss_channel_bindings_struct without addresses (RFC 2744, 3.11). */
export function channelBindingHash(applicationData: Uint8Array): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(applicationData.length, 16);
  return md5(head, applicationData);
}
