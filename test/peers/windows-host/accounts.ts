// The accounts of a fake Windows host: passwords, and the lock that too many wrong ones close.
import { LoginRefused } from './acceptor.ts';

export interface HostAccount {
  user: string;
  password: string;
}

interface Account extends HostAccount {
  badPasswords: number;
  isLocked: boolean;
}

export class Accounts {
  readonly #byName = new Map<string, Account>();
  readonly #threshold: number;

  /** `threshold`: wrong passwords that lock an account, 0 for none (account lockout threshold of Windows). */
  constructor(accounts: readonly HostAccount[], threshold: number) {
    this.#threshold = threshold;
    for (const { user, password } of accounts) this.setPassword(user, password);
  }

  /** Undefined for an account that does not exist; refuses a locked one. `user@realm` names the account `user`. */
  passwordOf(name: string): string | undefined {
    const account = this.#find(name);
    if (account?.isLocked === true) throw new LoginRefused('locked');
    return account?.password;
  }

  noteWrongPassword(name: string): void {
    const account = this.#find(name);
    if (account === undefined) return;
    account.badPasswords += 1;
    if (this.#threshold > 0 && account.badPasswords >= this.#threshold) account.isLocked = true;
  }

  lock(user: string, isLocked: boolean): void {
    const account = this.#find(user);
    if (account !== undefined) account.isLocked = isLocked;
  }

  badPasswords(user: string): number {
    return this.#find(user)?.badPasswords ?? 0;
  }

  isLocked(user: string): boolean {
    return this.#find(user)?.isLocked ?? false;
  }

  /** A fresh account of that name, without wrong passwords. */
  setPassword(user: string, password: string): void {
    this.#byName.set(user.toLowerCase(), { user, password, badPasswords: 0, isLocked: false });
  }

  #find(name: string): Account | undefined {
    return this.#byName.get(name.toLowerCase()) ?? this.#byName.get(name.split('@')[0]?.toLowerCase() ?? '');
  }
}
