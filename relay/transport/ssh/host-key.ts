// Whose key answers: judged inside the key exchange, before any credential is offered.
import { createHash } from 'node:crypto';
import { type Failure, fail } from '#shared/base/outcome.ts';

/** `refuse` is for sites whose devices are pinned by hand. */
export type HostKeyPolicy = 'pin-on-first-use' | 'refuse';

/** As `ssh-keygen -l` prints it. */
export const fingerprintOf = (publicBlob: Uint8Array): string =>
  `SHA256:${createHash('sha256').update(publicBlob).digest('base64').replace(/=+$/, '')}`;

export class HostKeyCheck {
  readonly #name: string;
  readonly #pinned: string | undefined;
  readonly #policy: HostKeyPolicy;
  readonly #refusal: Failure | undefined;
  #seen: string | undefined;
  #failure: Failure | undefined;

  /** `refusal`: no login may be offered to this machine; it is only asked for its key, which a person can then name. */
  constructor(options: {
    name: string;
    pinned: string | undefined;
    policy: HostKeyPolicy;
    refusal?: Failure | undefined;
  }) {
    this.#name = options.name;
    this.#pinned = options.pinned;
    this.#policy = options.policy;
    this.#refusal = options.refusal;
  }

  /** The accepted key's fingerprint. */
  get seen(): string | undefined {
    return this.#seen;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Called for the first exchange and for each later one of the same connection, which must show the same key. */
  accepts(publicBlob: Uint8Array): boolean {
    return this.acceptsFingerprint(fingerprintOf(publicBlob));
  }

  /** For keys that are read elsewhere, such as the one of a TLS certificate. */
  acceptsFingerprint(shown: string): boolean {
    const expected = this.#seen ?? this.#pinned;
    if (expected !== undefined && expected !== shown) {
      this.#failure = fail('host-key-changed', `${this.#name}: host key ${shown} is not the pinned ${expected}`);
      return false;
    }
    if (expected === undefined && this.#policy === 'refuse') {
      this.#failure = fail(
        'host-key-unknown',
        `${this.#name}: host key ${shown} is not pinned, and this site pins none by itself`,
      );
      return false;
    }
    if (this.#refusal !== undefined) {
      this.#failure = fail(this.#refusal.reason, `${this.#refusal.detail}; it shows ${shown}`);
      return false;
    }
    this.#seen = shown;
    return true;
  }
}
