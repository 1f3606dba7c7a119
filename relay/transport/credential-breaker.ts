// Keeps a wrong secret from locking accounts: one denial stops it on that device, three in a row stop it everywhere.
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Credential } from './credentials.ts';

/** All it needs to know of one. */
type Known = Pick<Credential, 'name' | 'version'> & { readonly isSpare?: boolean };

// 15 min: one try per pause stays under every common lockout rule (5 in 30 min, 3 in 15 min).
const PAUSE_MS = 15 * 60_000;
// 3 devices in a row: one may have drifted, three say the secret is wrong.
const DENIALS_THAT_STOP_ALL = 3;
// What waits in the next slot is tried on top of the current login: 3 and 1 stay under the common rule of 5.
const DENIALS_THAT_STOP_A_SPARE = 1;

export type Verdict = 'accepted' | 'denied' | 'unanswered' | 'not-tried';

/** Leave to offer a credential once; `settle` must be called with what came of it. */
export interface Permit {
  settle(verdict: Verdict): void;
}

interface Account {
  version: string;
  /** How many denials in a row stop it while no device has accepted it. */
  patience: number;
  /** Devices that took it last. */
  takers: Set<DeviceId>;
  isProven: boolean;
  deniedInARow: number;
  inFlight: number;
  pausedUntil: number;
  devices: Map<DeviceId, { pausedUntil: number; unanswered: number }>;
  waiters: Set<() => void>;
}

const newAccount = ({ version, isSpare = false }: Known): Account => ({
  version,
  patience: isSpare ? DENIALS_THAT_STOP_A_SPARE : DENIALS_THAT_STOP_ALL,
  takers: new Set(),
  isProven: false,
  deniedInARow: 0,
  inFlight: 0,
  pausedUntil: Number.NEGATIVE_INFINITY,
  devices: new Map(),
  waiters: new Set(),
});

export class CredentialBreaker {
  readonly #clock: Clock;
  readonly #accounts = new Map<string, Account>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * While a credential has not been accepted anywhere, no more tries are in flight than denials are left, so that sixteen
   * handshakes at once cannot become sixteen wrong passwords for one directory account. Others wait for the first verdict.
   */
  async permit(credential: Known, device: DeviceId, signal: AbortSignal): Promise<Outcome<Permit>> {
    const account = this.#account(credential);
    for (;;) {
      if (signal.aborted) return fail('cancelled', `credential ${credential.name}: stopped by us`);
      const refusal = this.refusal(credential, device);
      if (refusal !== undefined) return refusal;
      if (account.isProven || account.inFlight < account.patience - account.deniedInARow) break;
      await nextVerdict(account, signal);
    }
    account.inFlight += 1;
    return succeed(this.#permitFor(account, device, credential));
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
  refusal(credential: Known, device: DeviceId): Failure | undefined {
    const account = this.#account(credential);
    const now = this.#clock.monotonic();
    if (account.pausedUntil > now)
      return fail('denied', `credential ${credential.name}: denied by ${spelledCount(account)}, not tried again yet`);
    const paused = account.devices.get(device);
    if (paused !== undefined && paused.pausedUntil > now)
      return fail('denied', `credential ${credential.name}: denied by this device, not tried again yet`);
    return undefined;
  }

  /** True for a device that took the spare last, or denies the current login while the spare may be tried. */
  prefersSpare(current: Known, spare: Known, device: DeviceId): boolean {
    if (this.refusal(spare, device) !== undefined) return false;
    return this.#account(spare).takers.has(device) || this.refusal(current, device) !== undefined;
  }

  #permitFor(account: Account, device: DeviceId, { name, isSpare = false }: Known): Permit {
    let isOpen = true;
    return {
      settle: (verdict) => {
        if (!isOpen) return;
        isOpen = false;
        account.inFlight -= 1;
        this.#learn(account, device, verdict);
        wakeAll(account);
        // A device that has moved on says nothing against the login that the others still take.
        const current = isSpare && verdict === 'accepted' ? this.#accounts.get(name) : undefined;
        if (current === undefined) return;
        current.deniedInARow = 0;
        current.pausedUntil = Number.NEGATIVE_INFINITY;
        wakeAll(current);
      },
    };
  }

  #learn(account: Account, device: DeviceId, verdict: Verdict): void {
    if (verdict === 'not-tried') return;
    if (verdict === 'accepted') {
      account.isProven = true;
      account.deniedInARow = 0;
      account.patience = DENIALS_THAT_STOP_ALL;
      account.devices.delete(device);
      account.takers.add(device);
      return;
    }
    account.takers.delete(device);
    const unanswered = (account.devices.get(device)?.unanswered ?? 0) + 1;
    // A device may judge a secret after we have given up waiting: twice without an answer counts as a denial there.
    if (verdict === 'unanswered' && unanswered < 2) {
      account.devices.set(device, { pausedUntil: Number.NEGATIVE_INFINITY, unanswered });
      return;
    }
    const pausedUntil = this.#clock.monotonic() + PAUSE_MS;
    account.devices.set(device, { pausedUntil, unanswered: 0 });
    if (verdict === 'unanswered') return;
    account.deniedInARow += 1;
    if (account.deniedInARow < account.patience) return;
    account.pausedUntil = pausedUntil;
    // After the pause one try decides.
    account.isProven = false;
    account.deniedInARow = account.patience - 1;
  }
}

const spelledCount = ({ patience }: Account) =>
  patience === 1 ? 'the first device it was tried on' : `${patience} devices in a row`;

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
