// A login that is fetched once the machine has shown the right key: for one try, held to what its binding allows.
import type { OfferedLogin } from '#relay/transport/credential-gate.ts';
import { type Credential, parsedKey } from '#relay/transport/credentials.ts';
import { HOOK_MS, type LoginHooks } from '#relay/transport/login-hooks.ts';
import { toPlainPrivateKey } from '#relay/transport/private-key.ts';
import { AppError } from '#shared/base/errors.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { FetchedLogin } from '#shared/model/fetched-login.ts';

interface LateLoginParts {
  hooks: Pick<LoginHooks, 'fetch' | 'forget'> | undefined;
  entry: RosterEntry;
  purpose: Purpose;
}

interface SeenAt {
  address: string | undefined;
  hostKey: string;
}

type Offered = Pick<OfferedLogin, 'credential' | 'allows'>;

export class LateLogin {
  readonly #parts: LateLoginParts;
  #isKept = false;

  constructor(parts: LateLoginParts) {
    this.#parts = parts;
  }

  /** How much longer than others such a login may take. */
  static extraMs({ hook }: Credential): number {
    return hook === undefined ? 0 : HOOK_MS;
  }

  /** What was tried had been fetched for an earlier try: that the device denies it says nothing against the next one. */
  get wasKept(): boolean {
    return this.#isKept;
  }

  async fetch({ credential, allows }: Offered, { address, hostKey }: SeenAt): Promise<Outcome<Credential>> {
    const { hooks, entry, purpose } = this.#parts;
    const { hook = '' } = credential;
    if (hooks === undefined) return fail('credential-missing', `${entry.name}: this relay fetches no logins`);
    const place = { address: address ?? entry.address, hostKey };
    const device = { id: entry.device, name: entry.name, transport: entry.transport, ...place };
    const fetched = await hooks.fetch({ hook, credential: credential.name, purpose, device });
    if (!fetched.ok) return fail(fetched.reason, `${entry.name}: ${fetched.detail}`);
    this.#isKept = fetched.value.isKept;
    return filled(entry.name, { credential, allows }, fetched.value.login);
  }

  /** A device has denied what was fetched. */
  forget({ name }: Credential): void {
    this.#parts.hooks?.forget({ credential: name });
  }
}

function filled(name: string, { credential, allows }: Offered, login: FetchedLogin): Outcome<Credential> {
  const { user, password, privateKey } = login;
  const mayKey = allows.key && privateKey !== undefined;
  const mayPassword = allows.password && password !== undefined;
  if (!mayKey && !mayPassword) {
    const what = privateKey === undefined ? 'a password' : 'a private key';
    return fail(
      'credential-not-allowed',
      `${name}: ${what} was fetched, and credential ${credential.name} allows none`,
    );
  }
  try {
    const key = mayKey ? parsedKey(credential.name, toPlainPrivateKey(privateKey, undefined)) : undefined;
    return succeed({ ...credential, user, key, password: mayPassword ? password : undefined });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return fail('credential-missing', `${name}: login could not be fetched: its private key cannot be read`);
  }
}
