// Kerberos tokens of RFC 4121 and the two parts of them that WS-Management sends apart: what the library writes in one piece is turned
// by the length of its trailer, as Windows does it, and cut before the text (MS-WSMV 2.2.9.1.1.1, MS-KILE 3.1.5.7).
import { type SealedMessage, SecurityFailure } from '#relay/transport/security-context.ts';

// RFC 4121, 4.2.6.2: token id, flags, filler, EC, RRC, sequence number; the confounder of AES is as long.
const HEAD_BYTES = 16;
const CONFOUNDER_BYTES = 16;
const TOKEN_ID = 0x0504;
const IS_SEALED = 0x02;
const EC_OFFSET = 4;
const RRC_OFFSET = 6;
// 28: the encrypted copy of the head and the shortest checksum, 96 bits of SHA-1 (RFC 3962).
const LEAST_TRAILER_BYTES = 28;

/** A token of RC4 or DES looks otherwise, and neither is good enough. */
function checkHead(token: Buffer): void {
  if (token.length < HEAD_BYTES || token.readUInt16BE(0) !== TOKEN_ID)
    throw new SecurityFailure('downgrade', 'Kerberos: the ticket is not of AES');
  if (((token[2] ?? 0) & IS_SEALED) === 0)
    throw new SecurityFailure('downgrade', 'Kerberos: the message is signed and not sealed');
}

/** From what gss_wrap wrote: the signature is everything before the sealed text, the trailer among it. */
export function splitToken(token: Buffer, plainLength: number): SealedMessage {
  checkHead(token);
  const trailer = token.length - plainLength - HEAD_BYTES - CONFOUNDER_BYTES;
  const isPlainForm = token.readUInt16BE(EC_OFFSET) === 0 && token.readUInt16BE(RRC_OFFSET) === 0;
  if (!isPlainForm || trailer < LEAST_TRAILER_BYTES)
    throw new SecurityFailure('unsupported', 'Kerberos: the library seals in a form that is not known');
  const head = Buffer.from(token.subarray(0, HEAD_BYTES));
  head.writeUInt16BE(trailer, RRC_OFFSET);
  const end = token.length - trailer;
  const text = HEAD_BYTES + CONFOUNDER_BYTES;
  return {
    signature: Buffer.concat([head, token.subarray(end), token.subarray(HEAD_BYTES, text)]),
    data: token.subarray(text, end),
  };
}

/** For gss_unwrap, which turns it back by the count in its head. */
export function joinToken({ signature, data }: SealedMessage): Buffer {
  const token = Buffer.concat([signature, data]);
  checkHead(token);
  return token;
}
