// The accepting end of a login, whatever proves it: one per connection, and the keys it leaves behind.
import type { SealedMessage } from '#relay/transport/security-context.ts';

/** Who logged in, and the sealing of everything said afterwards. */
export interface Accepted {
  mechanism: 'ntlm' | 'kerberos';
  /** As the host shows it, such as `CONTOSO\\monitor`. */
  user: string;
  wrap(plain: Uint8Array): SealedMessage | Promise<SealedMessage>;
  unwrap(sealed: SealedMessage): Uint8Array | Promise<Uint8Array>;
}

export interface AcceptStep {
  /** For the client. */
  token?: Uint8Array | undefined;
  /** Present once the client has proved itself. */
  accepted?: Accepted | undefined;
}

/** Throws `LoginRefused` for a client that is not let in. */
export interface Acceptor {
  step(token: Uint8Array): AcceptStep | Promise<AcceptStep>;
}

/** Why a host says 401 again; clients never learn the reason. */
export type RefusalReason =
  | 'malformed'
  | 'unknown-user'
  | 'wrong-password'
  | 'locked'
  | 'weak'
  | 'no-mic'
  | 'bad-mic'
  | 'channel-binding'
  | 'unsupported'
  | 'refused';

export class LoginRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string = reason) {
    super(message);
    this.reason = reason;
  }
}
