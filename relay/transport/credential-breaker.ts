// Keeps a wrong secret from locking accounts, and one machine that refuses everything from stopping a login for all the others.
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { type Account, freeTries, learn, newAccount, type Verdict } from './breaker-account.ts';
import type { Credential } from './credentials.ts';
import type { LoginAuthority } from './login-authority.ts';

export type { Verdict } from './breaker-account.ts';

/** All it needs to know of one. */
type Known = Pick<Credential, 'name' | 'version'> & { readonly isSpare?: boolean };

/** Leave to offer a credential once; `settle` must be called with what came of it. */
export interface Permit {
  settle(verdict: Verdict): void;
}

/** Told once, until a device takes the login again or it is changed. */
export interface StoppedLogin {
  credential: string;
  /** What waits in the slot beside the current login. */
  isSpare: boolean;
  /** What happened and what to do, as sentences. */
  why: string;
}

export interface Asker {
  device: DeviceId;
  /** Absent: `shared`. */
  authority?: LoginAuthority;
}

export class CredentialBreaker {
  readonly #clock: Clock;
  readonly #onStopped: ((stopped: StoppedLogin) => void) | undefined;
  readonly #accounts = new Map<string, Account>();

  constructor(clock: Clock, onStopped?: (stopped: StoppedLogin) => void) {
    this.#clock = clock;
    this.#onStopped = onStopped;
  }

  /**
   * While a credential has not been accepted anywhere, no more tries are in flight than denials are left, so that sixteen
   * handshakes at once cannot become sixteen wrong passwords for one directory account. Others wait for the first verdict.
   */
  async permit(credential: Known, asker: Asker | DeviceId, signal: AbortSignal): Promise<Outcome<Permit>> {
    const { device, authority = 'shared' } = typeof asker === 'string' ? { device: asker } : asker;
    const account = this.#account(credential);
    for (;;) {
      if (signal.aborted) return fail('cancelled', `credential ${credential.name}: stopped by us`);
      const refusal = this.refusal(credential, device);
      if (refusal !== undefined) return refusal;
      if (account.inFlight < freeTries(account, authority, this.#clock.monotonic())) break;
      await nextVerdict(account, signal);
    }
    account.inFlight += 1;
    return succeed(this.#permitFor(account, { device, authority }, credential));
  }

  #account(credential: Known): Account {
    // No name has a blank in it.
    const name = credential.isSpare === true ? `${credential.name} next` : credential.name;
    const known = this.#accounts.get(name);
    if (known?.version === credential.version) return known;
    const fresh = newAccount(credential);
    this.#accounts.set(name, fresh);
    return fresh;
  }

  /** Why the credential is not offered to this device now; undefined when it may be. */
  refusal({ name, ...known }: Known, device: DeviceId): Failure | undefined {
    const account = this.#account({ name, ...known });
    const now = this.#clock.monotonic();
    if (account.pausedUntil > now)
      return fail('denied', `credential ${name}: denied by ${account.stoppedBy}, not tried again yet`);
    const paused = account.devices.get(device);
    if (paused !== undefined && paused.pausedUntil > now)
      return fail('denied', `credential ${name}: denied by this device, not tried again yet`);
    if (account.doubtedUntil > now && !account.takers.has(device))
      return fail('denied', `credential ${name}: denied by two devices in a row, first tried where it last worked`);
    return undefined;
  }

  /** True for a device that took the spare last, or denies the current login while the spare may be tried. */
  prefersSpare(current: Known, spare: Known, device: DeviceId): boolean {
    if (this.refusal(spare, device) !== undefined) return false;
    return this.#account(spare).takers.has(device) || this.refusal(current, device) !== undefined;
  }

  #permitFor(account: Account, asker: Required<Asker>, credential: Known): Permit {
    const { name, isSpare = false } = credential;
    let isOpen = true;
    return {
      settle: (verdict) => {
        if (!isOpen) return;
        isOpen = false;
        account.inFlight -= 1;
        const stopped = learn(account, { ...asker, verdict, now: this.#clock.monotonic() });
        wakeAll(account);
        if (stopped) this.#onStopped?.({ credential: name, isSpare, why: whyStopped(credential, account) });
        // A device that has moved on says nothing against the login that the others still take.
        const current = isSpare && verdict === 'accepted' ? this.#accounts.get(name) : undefined;
        if (current === undefined) return;
        current.refusers.clear();
        current.pausedUntil = Number.NEGATIVE_INFINITY;
        current.doubtedUntil = Number.NEGATIVE_INFINITY;
        wakeAll(current);
      },
    };
  }
}

function whyStopped({ name, isSpare = false }: Known, { stoppedBy, hasWorked }: Account): string {
  const what = isSpare ? `the next login of credential ${name}` : `credential ${name}`;
  const where = hasWorked ? 'where it had worked before' : 'and no device has accepted it';
  return (
    `${what} was denied by ${stoppedBy}, ${where}: it is offered to nobody, and tried once each 15 minutes, so that no ` +
    `account is locked. Store the right secret: rmm relay credential add ${name}, or rmm credential seal ${name}`
  );
}

function wakeAll(account: Account): void {
  const waiters = [...account.waiters];
  account.waiters.clear();
  for (const wake of waiters) wake();
}

/** Until any try in flight has its verdict, or the signal aborts. */
function nextVerdict(account: Account, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      signal.removeEventListener('abort', wake);
      account.waiters.delete(wake);
      resolve();
    };
    account.waiters.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
