// NTLM inside SPNEGO (RFC 4178, MS-SPNG), as SMB wants it: one mechanism, and a MIC over the list of mechanisms in both directions.
import { contextTag, DER, derElement, derElements, derOnly, oidContent } from '#relay/transport/der.ts';
import { SecurityFailure } from '#relay/transport/security-context.ts';
import type { NtlmContext } from './ntlm-context.ts';

const SPNEGO_OID = derElement(DER.oid, oidContent('1.3.6.1.5.5.2'));
const NTLM_OID = derElement(DER.oid, oidContent('1.3.6.1.4.1.311.2.2.10'));
// What mechListMIC signs: the list exactly as it stands in the first token (RFC 4178, 5).
const MECHANISMS = derElement(DER.sequence, NTLM_OID);
// [APPLICATION 0], constructed: RFC 2743, 3.1.
const INITIAL_TOKEN = 0x60;

const octets = (tag: number, content: Uint8Array) => derElement(contextTag(tag), derElement(DER.octets, content));

/** NegTokenInit (RFC 4178, 4.2.1) with the one mechanism and its first token. */
export const negTokenInit = (token: Uint8Array): Buffer =>
  derElement(
    INITIAL_TOKEN,
    SPNEGO_OID,
    derElement(contextTag(0), derElement(DER.sequence, derElement(contextTag(0), MECHANISMS), octets(2, token))),
  );

/** negState of RFC 4178, 4.2.2. */
export type NegState = 'accept-completed' | 'accept-incomplete' | 'reject' | 'request-mic';
const STATES: readonly NegState[] = ['accept-completed', 'accept-incomplete', 'reject', 'request-mic'];

export interface NegTokenResp {
  state?: NegState | undefined;
  token?: Uint8Array | undefined;
  mechListMic?: Uint8Array | undefined;
}

/** NegTokenResp (RFC 4178, 4.2.2). */
export function encodeNegTokenResp({ state, token, mechListMic }: NegTokenResp): Buffer {
  const parts = [
    ...(state === undefined
      ? []
      : [derElement(contextTag(0), derElement(DER.enumerated, Buffer.from([STATES.indexOf(state)])))]),
    ...(token === undefined ? [] : [octets(2, token)]),
    ...(mechListMic === undefined ? [] : [octets(3, mechListMic)]),
  ];
  return derElement(contextTag(1), derElement(DER.sequence, ...parts));
}

/** Throws `malformed` and nothing else, but for a server that chose another mechanism than NTLM: `unsupported`. */
export function decodeNegTokenResp(bytes: Uint8Array): NegTokenResp {
  const sequence = derOnly(derOnly(bytes, contextTag(1)).content, DER.sequence);
  const fields = new Map(derElements(sequence.content).map((field) => [field.tag, field.content]));
  const octetsOf = (tag: number) => {
    const field = fields.get(contextTag(tag));
    return field === undefined ? undefined : derOnly(field, DER.octets).content;
  };
  const stateField = fields.get(contextTag(0));
  const state = stateField === undefined ? undefined : STATES[derOnly(stateField, DER.enumerated).content[0] ?? 255];
  const chosen = fields.get(contextTag(1));
  if (chosen !== undefined && !chosen.equals(NTLM_OID))
    throw new SecurityFailure('unsupported', 'SPNEGO: the server wants another mechanism than NTLM');
  return { state, token: octetsOf(2), mechListMic: octetsOf(3) };
}

/** One login: three tokens out at most, and `isComplete` only when the server proved that it holds the key. */
export class SpnegoLogin {
  readonly #context: NtlmContext;
  #sent = 0;
  #isComplete = false;

  constructor(context: NtlmContext) {
    this.#context = context;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The next token for the server; undefined once its last one is verified. Throws `SecurityFailure`. */
  async step(token?: Uint8Array): Promise<Uint8Array | undefined> {
    this.#sent += 1;
    if (this.#sent === 1) return negTokenInit((await this.#context.step()) ?? Buffer.alloc(0));
    const reply = decodeNegTokenResp(token ?? Buffer.alloc(0));
    if (reply.state === 'reject') throw new SecurityFailure('denied', 'SPNEGO: the server rejects the login');
    if (this.#sent === 2) {
      const answer = await this.#context.step(reply.token ?? Buffer.alloc(0));
      const mechListMic = this.#context.sign(MECHANISMS);
      return encodeNegTokenResp({ state: 'accept-incomplete', token: answer, mechListMic });
    }
    if (this.#sent > 3 || reply.state !== 'accept-completed' || reply.mechListMic === undefined)
      throw new SecurityFailure('integrity', 'SPNEGO: the server does not prove that the mechanism was not changed');
    this.#context.verify(MECHANISMS, reply.mechListMic);
    this.#isComplete = true;
    return undefined;
  }
}
