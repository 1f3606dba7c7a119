// Judges a HELLO: which protocol both sides speak, and how far the relay's clock is off.
import { z } from 'zod';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { Hello } from '#shared/protocol/handshake.ts';
import { unpackMsgpack } from '#shared/protocol/msgpack.ts';
import { PROTOCOL, PROTOCOL_MIN } from '#shared/protocol/version.ts';

type Range = Pick<Hello, 'protoMin' | 'protoMax'>;

export type Negotiated = { ok: true; proto: number } | { ok: false; code: ErrorCode; message: string };

/** The newest protocol both speak. */
export function negotiate({ protoMin, protoMax }: Range): Negotiated {
  if (protoMax < PROTOCOL_MIN) {
    const message = `the relay speaks protocol ${protoMax} at most, older than ${PROTOCOL_MIN}: update the relay`;
    return { ok: false, code: 'protocol-older', message };
  }
  if (protoMin > PROTOCOL) {
    const message = `the relay speaks protocol ${protoMin} at least, newer than ${PROTOCOL}: update the console`;
    return { ok: false, code: 'protocol-newer', message };
  }
  return { ok: true, proto: Math.min(protoMax, PROTOCOL) };
}

const Peek = z.object({
  type: z.literal('HELLO'),
  body: z.object({ protoMin: z.int().min(1), protoMax: z.int().min(1) }),
});

/**
 * The protocols of a HELLO whose other members this build cannot read: a relay of another age deserves to hear that,
 * not that it is malformed.
 */
export function peekProtocols(bytes: Uint8Array): Range | undefined {
  const unpacked = unpackMsgpack(bytes, { maxDepth: 4, maxNodes: 200 });
  if (!unpacked.ok) return undefined;
  const peeked = Peek.safeParse(unpacked.value);
  return peeked.success ? peeked.data.body : undefined;
}

/** Beyond two minutes certificates, manifests and charts begin to suffer. */
export const MAX_SKEW_MS = 120_000;

/** Positive when the relay's clock is ahead. The way of the HELLO makes it a little too small, by far less than matters. */
export const skewOf = (hello: Pick<Hello, 'wall'>, now: number): number => hello.wall - now;
