// The list of attributes in a challenge and in the answer to it (MS-NLMP 2.2.2.1).
import { SecurityFailure } from '#relay/transport/security-context.ts';

/** MsvAv...: the numbers of MS-NLMP 2.2.2.1. */
export const AV = {
  eol: 0,
  nbComputerName: 1,
  nbDomainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  flags: 6,
  timestamp: 7,
  targetName: 9,
  channelBindings: 10,
} as const;

/** In MsvAvFlags: the message carries a message integrity code. */
export const AV_FLAG_MIC = 0x2;

export type AvPairs = ReadonlyMap<number, Uint8Array>;

const malformed = (what: string) => new SecurityFailure('malformed', `NTLM target information: ${what}`);

// Attributes of one length only (MS-NLMP 2.2.2.1).
const LENGTHS = new Map<number, number>([
  [AV.flags, 4],
  [AV.timestamp, 8],
  [AV.channelBindings, 16],
]);

/** Refuses what has no end mark, an attribute twice, or one of the wrong length. */
export function decodeAvPairs(bytes: Uint8Array): Map<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pairs = new Map<number, Uint8Array>();
  for (let at = 0; ; ) {
    if (at + 4 > bytes.length) throw malformed('it has no end mark');
    const id = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    at += 4;
    if (id === AV.eol) return pairs;
    if (at + length > bytes.length) throw malformed(`attribute ${id} is longer than the list`);
    if (pairs.has(id)) throw malformed(`attribute ${id} is there twice`);
    if (length !== (LENGTHS.get(id) ?? length)) throw malformed(`attribute ${id} has ${length} bytes`);
    pairs.set(id, bytes.subarray(at, at + length));
    at += length;
  }
}

/** With its end mark. */
export function encodeAvPairs(pairs: AvPairs): Buffer {
  const parts: Uint8Array[] = [];
  for (const [id, value] of pairs) {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    parts.push(head, value);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}
