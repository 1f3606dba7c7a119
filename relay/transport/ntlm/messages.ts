// The three messages of NTLM as a client writes and reads them (MS-NLMP 2.2.1).
import { SecurityFailure } from '#relay/transport/security-context.ts';
import { type AvPairs, decodeAvPairs } from './av-pairs.ts';
import { checkedMessage, messageHead, readField, utf16, writeField } from './payload.ts';

// MS-NLMP 2.2.2.10: for debugging only. It says "Windows 10", because some servers ask for a known one, and revision 15.
const VERSION = Buffer.from([10, 0, 0, 0, 0, 0, 0, 15]);

/** Offset of the MIC in an AUTHENTICATE_MESSAGE that has one, and the length of its head (MS-NLMP 2.2.1.3). */
export const MIC_OFFSET = 72;
export const AUTHENTICATE_HEAD_BYTES = 88;

/** NEGOTIATE_MESSAGE (MS-NLMP 2.2.1.1): no domain, no workstation; a machine that is not in a domain has nothing to say there. */
export function encodeNegotiate(flags: number): Buffer {
  const fields = Buffer.alloc(20);
  fields.writeUInt32LE(flags, 0);
  return Buffer.concat([messageHead(1), fields, VERSION]);
}

export interface Challenge {
  flags: number;
  serverChallenge: Buffer;
  pairs: AvPairs;
}

// MS-NLMP 2.2.1.2, with the fields of target information and without the version, which may be absent.
const CHALLENGE_HEAD_BYTES = 48;
// 8 KiB: names of machine, domain and forest take a few hundred bytes. It goes back within our answer, whose fields end at 64 KiB.
const MAX_TARGET_INFO_BYTES = 8_192;

/** CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2). Throws `malformed` and nothing else. */
export function decodeChallenge(token: Uint8Array): Challenge {
  const message = checkedMessage(token, 2, CHALLENGE_HEAD_BYTES);
  const target = readField(message, 12, CHALLENGE_HEAD_BYTES, 'the target name');
  if (target.length % 2 !== 0) throw new SecurityFailure('malformed', 'NTLM: the target name is not UTF-16');
  const info = readField(message, 40, CHALLENGE_HEAD_BYTES, 'the target information');
  if (info.length > MAX_TARGET_INFO_BYTES)
    throw new SecurityFailure('malformed', `NTLM: ${info.length} bytes of target information are too many`);
  return {
    flags: message.readUInt32LE(20),
    serverChallenge: Buffer.from(message.subarray(24, 32)),
    pairs: info.length === 0 ? new Map() : decodeAvPairs(info),
  };
}

export interface Authenticate {
  flags: number;
  domain: string;
  user: string;
  lmResponse: Uint8Array;
  ntResponse: Uint8Array;
  encryptedSessionKey: Uint8Array;
}

/** AUTHENTICATE_MESSAGE (MS-NLMP 2.2.1.3) with sixteen zero bytes where the MIC goes. No workstation: nothing asks for one. */
export function encodeAuthenticate(parts: Authenticate): Buffer {
  const head = Buffer.alloc(AUTHENTICATE_HEAD_BYTES);
  messageHead(3).copy(head);
  const domain = utf16(parts.domain);
  const user = utf16(parts.user);
  let offset = writeField(head, 28, domain, AUTHENTICATE_HEAD_BYTES);
  offset = writeField(head, 36, user, offset);
  offset = writeField(head, 44, Buffer.alloc(0), offset);
  offset = writeField(head, 12, parts.lmResponse, offset);
  offset = writeField(head, 20, parts.ntResponse, offset);
  writeField(head, 52, parts.encryptedSessionKey, offset);
  head.writeUInt32LE(parts.flags, 60);
  VERSION.copy(head, 64);
  return Buffer.concat([head, domain, user, parts.lmResponse, parts.ntResponse, parts.encryptedSessionKey]);
}
