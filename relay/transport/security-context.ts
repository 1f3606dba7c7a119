// What proves two machines to each other and then seals what they say: NTLM and Kerberos stand behind it.

/** One message under the keys of a context: sealed data and its signature stay apart, as MS-WSMV 2.2.9.1 wants them. */
export interface SealedMessage {
  signature: Uint8Array;
  data: Uint8Array;
}

/** What the TLS channel below is bound to; undefined where there is none. */
export interface ChannelBinding {
  /** `application_data` of gss_channel_bindings: "tls-server-end-point:" and the hash of the server's certificate (RFC 5929). */
  applicationData: Uint8Array;
}

/**
 * One login on one connection. A context that failed, or whose connection did, is never used again: sequence numbers and
 * stream ciphers are out of step with the peer from then on.
 */
export interface SecurityContext {
  readonly mechanism: 'ntlm' | 'kerberos';
  /** True once `wrap` and `unwrap` may be used. */
  readonly isComplete: boolean;
  /**
   * The next token for the peer, from its last one (none at first). Undefined when nothing is left to say.
   * Throws `SecurityFailure` for a token that is malformed, weaker than demanded or not of who was asked for.
   */
  step(token?: Uint8Array): Promise<Uint8Array | undefined>;
  /** Seals the next message to the peer. */
  wrap(plain: Uint8Array): SealedMessage;
  /** Opens the peer's next message; throws `SecurityFailure` when the signature or the sequence is wrong. */
  unwrap(sealed: SealedMessage): Uint8Array;
  /** Wipes keys; whoever calls anything afterwards gets a `SecurityFailure`. */
  dispose(): void;
}

/**
 * `downgrade`: the peer offers less than we demand. `denied`: our login was not accepted. `refused`: no login came about for
 * another reason than its secret, such as clocks that differ. `unreachable`: who must be asked for it (a directory) is away.
 * `unanswered`: a directory was asked for it and may have judged it.
 */
export type SecurityFailureKind =
  | 'malformed'
  | 'downgrade'
  | 'denied'
  | 'integrity'
  | 'unsupported'
  | 'refused'
  | 'unreachable'
  | 'unanswered';

/** The message names what is wrong and never holds a secret. */
export class SecurityFailure extends Error {
  override readonly name = 'SecurityFailure';
  readonly kind: SecurityFailureKind;

  constructor(kind: SecurityFailureKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
