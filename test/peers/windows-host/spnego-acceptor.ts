// SPNEGO around a login (RFC 4178, MS-SPNG): clients may send bare NTLM, NTLM inside SPNEGO, or Kerberos inside or bare.
import { type Acceptor, type AcceptStep, LoginRefused } from './acceptor.ts';

const NTLM_OID = Buffer.from('2b06010401823702020a', 'hex'); // 1.3.6.1.4.1.311.2.2.10
const NTLM_START = Buffer.from('NTLMSSP\0', 'latin1');
// DER tags of RFC 4178, 4.2.
const INITIAL = 0x60;
const NEG_INIT = 0xa0;
const NEG_RESP = 0xa1;
const TOKEN_FIELD = 0xa2;

interface Tlv {
  tag: number;
  body: Buffer;
}

function readTlvs(bytes: Buffer): Tlv[] {
  const found: Tlv[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const size = first < 0x80 ? 0 : first & 0x7f;
    if (size > 3 || at + 2 + size > bytes.length) throw new LoginRefused('malformed', 'DER');
    const length = size === 0 ? first : bytes.readUIntBE(at + 2, size);
    const start = at + 2 + size;
    if (start + length > bytes.length) throw new LoginRefused('malformed', 'DER');
    found.push({ tag, body: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

function tlv(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const child = (tlvs: readonly Tlv[], tag: number): Buffer | undefined => tlvs.find((one) => one.tag === tag)?.body;

/** The mechanism's token of a NegTokenInit or NegTokenResp, both of which keep it under [2]. */
function innerToken(choice: Tlv): Buffer | undefined {
  const sequence = readTlvs(choice.body)[0];
  const field = sequence === undefined ? undefined : child(readTlvs(sequence.body), TOKEN_FIELD);
  return field === undefined ? undefined : readTlvs(field)[0]?.body;
}

/** NegTokenResp: state 0 accepted, 1 go on (RFC 4178, 4.2.2). */
function writeResponse(state: 0 | 1, token: Uint8Array | undefined, isFirst: boolean): Buffer {
  const fields = [tlv(0xa0, tlv(0x0a, Buffer.from([state])))];
  if (isFirst) fields.push(tlv(0xa1, tlv(0x06, NTLM_OID)));
  if (token !== undefined) fields.push(tlv(0xa2, tlv(0x04, token)));
  return tlv(NEG_RESP, tlv(0x30, ...fields));
}

const isNtlm = (token: Uint8Array) => Buffer.from(token).subarray(0, 8).equals(NTLM_START);

export interface Mechanisms {
  ntlm: () => Acceptor;
  /** Absent where the host is in no domain. It reads SPNEGO by itself. */
  kerberos: (() => Acceptor) | undefined;
}

export class SpnegoAcceptor implements Acceptor {
  readonly #mechanisms: Mechanisms;
  #inner: Acceptor | undefined;
  #isWrapped = false;

  constructor(mechanisms: Mechanisms) {
    this.#mechanisms = mechanisms;
  }

  async step(token: Uint8Array): Promise<AcceptStep> {
    if (this.#inner === undefined) return this.#first(Buffer.from(token));
    if (!this.#isWrapped) return this.#inner.step(token);
    const [choice] = readTlvs(Buffer.from(token));
    const inner = choice?.tag === NEG_RESP ? innerToken(choice) : undefined;
    if (inner === undefined) throw new LoginRefused('malformed', 'SPNEGO without a token');
    const { token: reply, accepted } = await this.#inner.step(inner);
    return { token: writeResponse(accepted === undefined ? 1 : 0, reply, false), accepted };
  }

  async #first(token: Buffer): Promise<AcceptStep> {
    if (isNtlm(token)) {
      this.#inner = this.#mechanisms.ntlm();
      return this.#inner.step(token);
    }
    const wrapped = wrappedNtlm(token);
    if (wrapped === undefined) {
      if (this.#mechanisms.kerberos === undefined) throw new LoginRefused('unsupported', 'no Kerberos here');
      this.#inner = this.#mechanisms.kerberos();
      return this.#inner.step(token);
    }
    this.#isWrapped = true;
    this.#inner = this.#mechanisms.ntlm();
    const { token: reply } = await this.#inner.step(wrapped);
    return { token: writeResponse(1, reply, true) };
  }
}

/** The NTLM message of a NegTokenInit that holds one; undefined for Kerberos. */
function wrappedNtlm(token: Buffer): Buffer | undefined {
  const [outer] = readTlvs(token);
  if (outer?.tag !== INITIAL) throw new LoginRefused('malformed', 'neither NTLM nor SPNEGO');
  const init = readTlvs(outer.body).find(({ tag }) => tag === NEG_INIT);
  const inner = init === undefined ? undefined : innerToken(init);
  return inner !== undefined && isNtlm(inner) ? inner : undefined;
}
