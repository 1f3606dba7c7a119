// The ports between a session and what it leads to: a shell, files, a tunnel. Each kind is one `SessionKindOpener`.
import type { Session } from '#relay/transport/transport.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { ArgumentsOf, SessionKind } from '#shared/model/session.ts';

/** What a kind is given of a session whose order was proven and whose machine has shown the right identity. */
export interface SessionRequest<K extends SessionKind> {
  manifest: Manifest;
  entry: RosterEntry;
  args: ArgumentsOf<K>;
  /** Logged in with what may act. */
  device: Session;
  charter: () => Charter;
  /** Aborts when the session is to end; what was opened is closed by `close`. */
  signal: AbortSignal;
}

/** The client that is there now. */
export interface SessionPeer {
  /**
   * At most MAX_PLAIN_BYTES; order is kept. Resolves when it is on its way, and not before there is credit and room: whoever
   * waits for it never holds more than one message. Does nothing for a client that has left.
   */
  send(plain: Uint8Array): Promise<void>;
  readonly isGone: boolean;
}

/** How it ended, for the outcome and the audit trail. */
export interface SessionResult {
  /** In words; no secret, nothing that a device made unless it is made printable. */
  detail: string;
  exitCode?: number;
  isFailure?: boolean;
}

/** What a session leads to, from its opening to its end. */
export interface SessionEnd {
  /** A client has proven its key: the first, or one that comes back. `first` is its opening message. */
  attached(peer: SessionPeer, first: Uint8Array): Promise<void>;
  /** One message of the client; credit is given back when this resolves. Throwing ends the session. */
  received(plain: Uint8Array, peer: SessionPeer): Promise<void>;
  /** The client is gone; another may come within a minute. */
  detached(): void;
  /** Resolves when it ended by itself; never rejects. */
  readonly over: Promise<SessionResult>;
  /** Ends it, `why` in words; `over` resolves then. */
  close(why: string): Promise<void>;
}

export interface SessionKindOpener<K extends SessionKind> {
  open(request: SessionRequest<K>): Promise<Outcome<SessionEnd>>;
}

/** A relay need not know every kind. */
export type SessionKinds = { readonly [K in SessionKind]?: SessionKindOpener<K> };
