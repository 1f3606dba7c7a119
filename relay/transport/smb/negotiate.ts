// Negotiation (MS-SMB2 2.2.3, 2.2.4): what we offer, what the server picked, and whether that is enough to show it a login.
import type { RandomBytes } from '#shared/base/id.ts';
import { Fields } from './fields.ts';
import { newRequest } from './header.ts';
import { SmbError } from './smb-fault.ts';
import type { SmbCipher, SmbDialect, SmbPolicy, SmbSigning } from './smb-files.ts';

/** MS-SMB2 2.2.3. */
export const DIALECT_NUMBERS: Readonly<Record<SmbDialect, number>> = {
  '2.0.2': 0x0202,
  '2.1': 0x0210,
  '3.0': 0x0300,
  '3.0.2': 0x0302,
  '3.1.1': 0x0311,
};
/** 2.2.3.1.2, in the order of our liking. */
const CIPHERS: readonly (readonly [SmbCipher, number])[] = [
  ['AES-256-GCM', 4],
  ['AES-128-GCM', 2],
  ['AES-256-CCM', 3],
  ['AES-128-CCM', 1],
];
/** 2.2.3.1.7, in the order of our liking; HMAC-SHA256 is for dialects that we do not log in to. */
const SIGNINGS: readonly (readonly [SmbSigning, number])[] = [
  ['AES-GMAC', 2],
  ['AES-CMAC', 1],
];
const CONTEXT = { preauth: 1, encryption: 2, signing: 8 };
const SHA512 = 1;
/** 2.2.3, SecurityMode; 2.2.3, Capabilities. */
export const SIGNING_REQUIRED = 2;
const SIGNING_ENABLED = 1;
export const CAPABILITY = { largeMtu: 0x4, encryption: 0x40 };
// 64 contexts: there are ten kinds; a peer must not make us walk for ever.
const MAX_CONTEXTS = 64;

/** What we say of ourselves, kept for VALIDATE_NEGOTIATE_INFO. */
export interface Offer {
  dialects: readonly SmbDialect[];
  guid: Buffer;
  capabilities: number;
  securityMode: number;
}

export function newOffer(dialects: readonly SmbDialect[], random: RandomBytes): Offer {
  return {
    dialects,
    guid: Buffer.from(random(new Uint8Array(16))),
    capabilities: CAPABILITY.largeMtu | CAPABILITY.encryption,
    // Required, not only enabled: from here on a server that signs nothing is none that we talk to.
    securityMode: SIGNING_REQUIRED | SIGNING_ENABLED,
  };
}

function context(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeUInt16LE(value, i * 2);
  return bytes;
}

/** 2.2.3.1: contexts of 3.1.1. The salt of 32 bytes makes each negotiation's hash another. */
function contexts(random: RandomBytes): Buffer[] {
  const salt = Buffer.from(random(new Uint8Array(32)));
  return [
    context(CONTEXT.preauth, Buffer.concat([numbers(1, salt.length, SHA512), salt])),
    context(CONTEXT.encryption, numbers(CIPHERS.length, ...CIPHERS.map(([, id]) => id))),
    context(CONTEXT.signing, numbers(SIGNINGS.length, ...SIGNINGS.map(([, id]) => id))),
  ];
}

export function encodeNegotiate(offer: Offer, random: RandomBytes): Buffer {
  const dialects = numbers(...offer.dialects.map((dialect) => DIALECT_NUMBERS[dialect]));
  const has311 = offer.dialects.includes('3.1.1');
  const list = has311 ? contexts(random) : [];
  // Contexts begin at a multiple of 8, seen from the header.
  const contextsAt = Math.ceil((64 + 36 + dialects.length) / 8) * 8;
  const tail = Buffer.concat(list);
  const { frame, body } = newRequest(has311 ? contextsAt - 64 + tail.length : 36 + dialects.length);
  body.writeUInt16LE(36, 0);
  body.writeUInt16LE(offer.dialects.length, 2);
  body.writeUInt16LE(offer.securityMode, 4);
  // A server that knows 2.x alone does not want capabilities; it reads none (2.2.3).
  body.writeUInt32LE(offer.capabilities, 8);
  offer.guid.copy(body, 12);
  if (has311) {
    body.writeUInt32LE(contextsAt, 28);
    body.writeUInt16LE(list.length, 32);
    tail.copy(body, contextsAt - 64);
  }
  dialects.copy(body, 36);
  return frame;
}

export interface Negotiated {
  dialect: SmbDialect;
  signing: SmbSigning;
  cipher: SmbCipher | undefined;
  isSigningRequired: boolean;
  maxReadBytes: number;
  maxWriteBytes: number;
  maxTransactBytes: number;
  /** As sent, for VALIDATE_NEGOTIATE_INFO. */
  guid: Buffer;
  capabilities: number;
  securityMode: number;
}

const dialectOf = (number: number): SmbDialect | undefined => {
  const names: readonly SmbDialect[] = ['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'];
  return names.find((name) => DIALECT_NUMBERS[name] === number);
};

interface Contexts {
  hasPreauth: boolean;
  cipher: SmbCipher | undefined;
  signing: SmbSigning | undefined;
}

/** What a context of one choice chose; undefined for "none of yours". */
function chosen<Name>(fields: Fields, from: readonly (readonly [Name, number])[]): Name | undefined {
  if (fields.u16(0) !== 1) throw fields.malformed('more than one choice');
  const id = fields.u16(2);
  return from.find(([, known]) => known === id)?.[0];
}

/** 2.2.4.1; each kind once at most. */
function decodeContexts(message: Buffer, at: number, count: number): Contexts {
  const fields = new Fields(message, 'negotiation');
  const seen = new Map<number, Fields>();
  let offset = at;
  if (count > MAX_CONTEXTS) throw fields.malformed('too many contexts');
  for (let i = 0; i < count; i += 1) {
    const length = fields.u16(offset + 2);
    const type = fields.u16(offset);
    if (seen.has(type)) throw fields.malformed('a context comes twice');
    seen.set(type, new Fields(fields.slice(offset + 8, length), 'negotiation context'));
    offset += Math.ceil((8 + length) / 8) * 8;
  }
  const preauth = seen.get(CONTEXT.preauth);
  const encryption = seen.get(CONTEXT.encryption);
  const signing = seen.get(CONTEXT.signing);
  return {
    hasPreauth: preauth !== undefined && preauth.u16(0) === 1 && preauth.u16(4) === SHA512,
    cipher: encryption === undefined ? undefined : chosen(encryption, CIPHERS),
    signing: signing === undefined ? undefined : chosen(signing, SIGNINGS),
  };
}

function protectionOf(
  message: Buffer,
  fields: Fields,
  dialect: SmbDialect,
  capabilities: number,
): Pick<Negotiated, 'signing' | 'cipher'> {
  if (dialect === '3.1.1') {
    const found = decodeContexts(message, fields.u32(60), fields.u16(6));
    if (!found.hasPreauth) throw new SmbError('downgraded', 'the server does not prove what was negotiated');
    return { signing: found.signing ?? 'AES-CMAC', cipher: found.cipher };
  }
  if (dialect === '2.0.2' || dialect === '2.1') return { signing: 'HMAC-SHA256', cipher: undefined };
  // 3.0 and 3.0.2 know one cipher, and say by a capability that they have it.
  return { signing: 'AES-CMAC', cipher: (capabilities & CAPABILITY.encryption) === 0 ? undefined : 'AES-128-CCM' };
}

/** Reads the answer to `offer`; a dialect that was not in it is no answer. */
export function decodeNegotiate(message: Buffer, offer: Offer): Negotiated {
  const fields = new Fields(message.subarray(64), 'negotiation');
  const dialect = dialectOf(fields.u16(4));
  // 0x02FF is what a server says to the old way of asking (2.2.4); nothing of ours asks so.
  if (dialect === undefined || !offer.dialects.includes(dialect))
    throw new SmbError('malformed', `the server picked 0x${fields.u16(4).toString(16)}, which was not offered`);
  const capabilities = fields.u32(24);
  return {
    dialect,
    ...protectionOf(message, fields, dialect, capabilities),
    isSigningRequired: (fields.u16(2) & SIGNING_REQUIRED) !== 0,
    maxTransactBytes: fields.u32(28),
    maxReadBytes: fields.u32(32),
    maxWriteBytes: fields.u32(36),
    guid: Buffer.from(fields.slice(8, 16)),
    capabilities,
    securityMode: fields.u16(2),
  };
}

const ORDER: readonly SmbDialect[] = ['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'];

/** What a login may go to under a policy. */
export const dialectsOf = ({ minimumDialect }: SmbPolicy): readonly SmbDialect[] =>
  ORDER.slice(ORDER.indexOf(minimumDialect));

/** Throws where the policy wants more; called before any credential leaves. */
export function demandPolicy(negotiated: Negotiated, policy: SmbPolicy): void {
  const { dialect, cipher } = negotiated;
  if (ORDER.indexOf(dialect) < ORDER.indexOf(policy.minimumDialect))
    throw new SmbError('dialect-too-old', `SMB ${dialect}, and at least ${policy.minimumDialect} is asked for`);
  if (policy.isEncrypted && cipher === undefined)
    throw new SmbError('not-encrypted', 'encryption is asked for, and the server has none that we know');
  // 64 KiB is what every server of these dialects takes; less would make each read of ours fail.
  if (Math.min(negotiated.maxReadBytes, negotiated.maxWriteBytes, negotiated.maxTransactBytes) < 65_536)
    throw new SmbError('malformed', 'the server takes less than 64 KiB at a time');
}
