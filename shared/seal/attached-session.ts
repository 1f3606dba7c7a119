// A session that stands, what attaches to it, and how its socket ended: the same for a page and for a command line.
import type { ManifestId } from '#shared/base/id.ts';
import type { SealingKey } from '#shared/model/charter.ts';
import type { SessionKeyPair } from './session-channel.ts';
import { type ClientSocket, SessionClient } from './session-client.ts';

/** What attaches to it, as often as it takes. The private half of `own` is with whoever opened it alone, and gone with it. */
export interface OpenSession {
  id: ManifestId;
  own: SessionKeyPair;
  /** Compared by a person, or signed by an owner. */
  relay: SealingKey;
}

/** The word of the relay or the console, such as "ended" or "left"; empty where the line just broke. */
export type SocketEnd = string;

/** Ends that no further try changes. */
const FINAL = ['ended', 'unknown', 'revoked', 'forged', 'flooded', 'replaced'] as const;
export type FinalEnd = (typeof FINAL)[number];

export const finalEnd = (end: SocketEnd): FinalEnd | undefined => FINAL.find((one) => one === end);

export interface AttachOptions {
  /** The first message to the relay: it proves our key. */
  begin: Uint8Array;
  /** Awaited before the next one, and before its credit is given back: who reads slowly is sent to slowly. */
  onMessage: (plain: Uint8Array) => void | Promise<void>;
}

export interface AttachedSession {
  /** Order is kept; resolves when it is handed to the socket. */
  send(plain: Uint8Array): Promise<void>;
  close(): void;
  /** Rejects when what answered was not the relay. */
  readonly ended: Promise<SocketEnd>;
}

/** Whoever has the socket gives its bytes and text to `client`, and says `closed` once. */
export interface Attaching {
  client: SessionClient;
  closed: (end: SocketEnd) => void;
  attached: AttachedSession;
}

export function attachOver(
  { id, own, relay }: OpenSession,
  { begin, onMessage }: AttachOptions,
  socket: ClientSocket,
): Attaching {
  let fault: unknown;
  const client = new SessionClient({
    ...{ session: id, own, relay, begin, onMessage, socket },
    onFault: (error) => {
      fault = error;
    },
  });
  let closed: Attaching['closed'] = () => undefined;
  const ended = new Promise<SocketEnd>((resolve, reject) => {
    // What came before its end is still taken.
    closed = (end) => void client.closed().then(() => (fault === undefined ? resolve(end) : reject(fault)));
  });
  return { client, closed, attached: { send: (plain) => client.send(plain), close: () => socket.close(), ended } };
}
