// The accounts of a fake Windows host: passwords, and the lock that too many wrong ones close.
import { ntHash } from '#relay/transport/ntlm/keys.ts';
import { LoginRefused } from './acceptor.ts';

export interface HostAccount {
  user: string;
  password: string;
}

interface Account {
  user: string;
  hash: Buffer;
  badPasswords: number;
  isLocked: boolean;
}

export class Accounts {
  readonly #byName = new Map<string, Account>();
  readonly #threshold: number;

  /** `threshold`: wrong passwords that lock an account, 0 for none (account lockout threshold of Windows). */
  constructor(accounts: readonly HostAccount[], threshold: number) {
    this.#threshold = threshold;
    for (const { user, password } of accounts)
      this.#byName.set(user.toLowerCase(), { user, hash: ntHash(password), badPasswords: 0, isLocked: false });
  }

  /** `user@realm` names the account `user`, as a domain member reads it. */
  find(name: string): Account {
    const account = this.#byName.get(name.toLowerCase()) ?? this.#byName.get(name.split('@')[0]?.toLowerCase() ?? '');
    if (account === undefined) throw new LoginRefused('unknown-user');
    if (account.isLocked) throw new LoginRefused('locked');
    return account;
  }

  wrongPassword(account: Account): LoginRefused {
    account.badPasswords += 1;
    if (this.#threshold > 0 && account.badPasswords >= this.#threshold) account.isLocked = true;
    return new LoginRefused('wrong-password');
  }

  lock(user: string, isLocked: boolean): void {
    const account = this.#byName.get(user.toLowerCase());
    if (account !== undefined) account.isLocked = isLocked;
  }

  badPasswords(user: string): number {
    return this.#byName.get(user.toLowerCase())?.badPasswords ?? 0;
  }

  isLocked(user: string): boolean {
    return this.#byName.get(user.toLowerCase())?.isLocked ?? false;
  }

  setPassword(user: string, password: string): void {
    const name = user.toLowerCase();
    this.#byName.set(name, { user, hash: ntHash(password), badPasswords: 0, isLocked: false });
  }
}
