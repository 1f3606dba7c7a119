// The sealed channel of a session, between the signer of its order and the relay: whoever carries it can neither read nor write.
import type { CryptoKey } from 'jose';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { ManifestId } from '#shared/base/id.ts';
import type { SealingKey } from '#shared/model/charter.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';

const X25519 = 'X25519';
const AES = 'AES-GCM';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
const INFO = 'rmm session v1';
/** Of one sealed message: long enough that AES is no cost, short enough that a key press behind one does not wait. */
export const MAX_PLAIN_BYTES = 32 * 1024;

/**
 * What a relay says first at each attachment, in clear. A fresh key each time: nothing that was recorded fits again, and
 * counters begin anew with it.
 */
export const SessionHello = z.strictObject({
  v: z.literal(1),
  /** The relay's sealing key, which the client has to know already. */
  to: z.string().length(43),
  ephemeral: z.string().length(43),
});
export type SessionHello = z.infer<typeof SessionHello>;

export interface SessionKeyPair {
  /** Raw public key, base64url: what the order names. */
  publicKey: string;
  privateKey: CryptoKey;
}

/** A key for one session; its private half cannot be read out. */
export async function newSessionKey(): Promise<SessionKeyPair> {
  const pair = await crypto.subtle.generateKey({ name: X25519 }, false, ['deriveBits']);
  if (!('privateKey' in pair)) throw new AppError('internal', 'X25519: no key pair was made');
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { publicKey: toBase64url(raw), privateKey: pair.privateKey };
}

/** One attachment of one session. */
interface Attachment {
  session: ManifestId;
  /** Public: the order's key, the relay's sealing key, and the one of this attachment. */
  client: string;
  relay: string;
  ephemeral: string;
}

type Secrets = readonly [ephemeral: Promise<Uint8Array>, lasting: Promise<Uint8Array>];

/**
 * Two agreements in one: with the relay's key of this attachment, so that no key that is stolen later opens it, and with its
 * lasting one, so that nobody else can be the relay. The order's key is in both, so that nobody else can be the client.
 */
async function agree({ session, client, relay, ephemeral }: Attachment, secrets: Secrets) {
  const parts = await Promise.all(secrets);
  // A point of small order gives everybody the same secret. WebCrypto refuses it; this holds where it does not.
  if (parts.some((part) => part.every((byte) => byte === 0)))
    throw new AppError('signature-invalid', 'an X25519 point of small order');
  const secret = await crypto.subtle.importKey('raw', joined(parts), 'HKDF', false, ['deriveBits']);
  for (const part of parts) part.fill(0);
  const bits = await crypto.subtle.deriveBits(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: joined([client, ephemeral, relay].map(rawKey)),
      info: new TextEncoder().encode(`${INFO} ${session}`),
    },
    secret,
    8 * 2 * KEY_BYTES,
  );
  const key = (at: number) =>
    crypto.subtle.importKey('raw', bits.slice(at, at + KEY_BYTES), AES, false, ['encrypt', 'decrypt']);
  return { up: await key(0), down: await key(KEY_BYTES) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function rawKey(text: string): Uint8Array<ArrayBuffer> {
  const raw = fromBase64url(text);
  if (raw?.length !== KEY_BYTES) throw new AppError('signature-invalid', 'not an X25519 public key of 32 bytes');
  return new Uint8Array(raw);
}

async function shared(own: CryptoKey, theirs: string): Promise<Uint8Array> {
  try {
    const key = await crypto.subtle.importKey('raw', rawKey(theirs), { name: X25519 }, false, []);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: X25519, public: key }, own, 8 * KEY_BYTES));
  } catch (error) {
    throw new AppError('signature-invalid', 'a key of this session is none', { cause: error });
  }
}

/** One end of the channel. Messages are sealed and opened in the order in which they are given. */
export class SessionChannel {
  readonly #out: CryptoKey;
  readonly #in: CryptoKey;
  #sent = 0;
  #got = 0;
  #sealing: Promise<unknown> = Promise.resolve();
  #opening: Promise<unknown> = Promise.resolve();

  constructor({ send, receive }: { send: CryptoKey; receive: CryptoKey }) {
    this.#out = send;
    this.#in = receive;
  }

  seal(plain: Uint8Array): Promise<Uint8Array> {
    if (plain.length > MAX_PLAIN_BYTES)
      return Promise.reject(
        new AppError('too-large', `a message of ${plain.length} bytes, at most ${MAX_PLAIN_BYTES}`),
      );
    const iv = nonceOf(this.#sent);
    this.#sent += 1;
    const before = this.#sealing;
    const sealed = crypto.subtle.encrypt({ name: AES, iv }, this.#out, new Uint8Array(plain)).then(async (bytes) => {
      await before;
      return new Uint8Array(bytes);
    });
    this.#sealing = sealed.catch(() => undefined); // who asked hears of it
    return sealed;
  }

  /** `signature-invalid` for what the other end did not seal, or not as its next message. The channel is of no more use then. */
  open(sealed: Uint8Array): Promise<Uint8Array> {
    const iv = nonceOf(this.#got);
    this.#got += 1;
    const before = this.#opening;
    const opened = crypto.subtle.decrypt({ name: AES, iv }, this.#in, new Uint8Array(sealed)).then(
      async (bytes) => {
        await before;
        return new Uint8Array(bytes);
      },
      async () => {
        await before;
        // No cause: nothing of it helps but who tries.
        throw new AppError('signature-invalid', 'a message of this session was not sealed by its other end');
      },
    );
    this.#opening = opened;
    // Whoever waits for a later one hears of it too; unheard it would end the process.
    opened.catch(() => undefined);
    return opened;
  }
}

/** Counts from 0 in each direction: a message that was dropped, doubled or moved does not open. */
function nonceOf(count: number): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(NONCE_BYTES);
  new DataView(nonce.buffer).setBigUint64(NONCE_BYTES - 8, BigInt(count));
  return nonce;
}

/** The relay's end of a new attachment, and the hello that it says first. */
export async function attachRelay(parts: {
  session: ManifestId;
  /** The key the signed order names. */
  client: string;
  own: { publicKey: SealingKey; privateKey: CryptoKey };
}): Promise<{ hello: Uint8Array; channel: SessionChannel }> {
  const { session, client, own } = parts;
  const fresh = await newSessionKey();
  const keys = await agree({ session, client, relay: own.publicKey.key, ephemeral: fresh.publicKey }, [
    shared(fresh.privateKey, client),
    shared(own.privateKey, client),
  ]);
  const hello: SessionHello = { v: 1, to: own.publicKey.id, ephemeral: fresh.publicKey };
  return {
    hello: new TextEncoder().encode(canonicalJson(hello)),
    channel: new SessionChannel({ send: keys.down, receive: keys.up }),
  };
}

/** The client's end. `relay` is the key that a person compared or an owner signed: whoever does not hold it opens nothing. */
export async function attachClient(parts: {
  session: ManifestId;
  own: SessionKeyPair;
  relay: SealingKey;
  hello: Uint8Array;
}): Promise<SessionChannel> {
  const { session, own, relay, hello } = parts;
  const said = SessionHello.safeParse(parseCanonical(new TextDecoder().decode(hello.subarray(0, 1_024))));
  if (!said.success) throw new AppError('signature-invalid', 'what answers is no relay');
  if (said.data.to !== relay.id)
    throw new AppError('signature-invalid', `what answers holds another key than the relay's, ${relay.id}`);
  const { ephemeral } = said.data;
  const keys = await agree({ session, client: own.publicKey, relay: relay.key, ephemeral }, [
    shared(own.privateKey, ephemeral),
    shared(own.privateKey, relay.key),
  ]);
  return new SessionChannel({ send: keys.up, receive: keys.down });
}
