// Keeps a wrong secret from locking accounts, and one machine that refuses everything from stopping a login for all the others.
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { Failure, Outcome } from '#shared/base/outcome.ts';
import { type Account, newAccount, type Verdict } from './breaker-account.ts';
import type { Credential } from './credentials.ts';
import type { LoginAsker, LoginAuthority } from './login-authority.ts';
import { type Confirm, LoginQueue, type Permit } from './login-queue.ts';

export type { Verdict } from './breaker-account.ts';
export type { Permit } from './login-queue.ts';

/** All it needs to know of one. */
type Known = Pick<Credential, 'name' | 'version'> & { readonly isSpare?: boolean };

/** A device alone: any account may be a directory's, as over SSH. */
type Asker = LoginAsker | DeviceId;

/** Told once, until a device takes the login again or it is changed. */
export interface StoppedLogin {
  credential: string;
  /** What waits in the slot beside the current login. */
  isSpare: boolean;
  /** What happened and what to do, as sentences. */
  why: string;
}

// 256 logins at their authorities, former versions of the same name among them; those of which nothing is known go first.
const MAX_KEPT = 256;

const deviceOf = (asker: Asker): DeviceId => (typeof asker === 'string' ? asker : asker.device);

const authorityOf = (asker: Asker): LoginAuthority =>
  typeof asker === 'string' ? 'shared' : (asker.authority ?? 'shared');

/** No name has a blank in it. */
const placeOf = ({ name }: Known, asker: Asker): string => `${name} ${authorityOf(asker)}`;

/**
 * One login at one authority is one account, in each of its versions: who still waits with a former one neither begins it anew nor
 * touches what is known of the next.
 */
export class CredentialBreaker {
  readonly #clock: Clock;
  readonly #onStopped: ((stopped: StoppedLogin) => void) | undefined;
  readonly #queues = new Map<string, LoginQueue>();
  /** The one that was last asked for and is no spare. */
  readonly #current = new Map<string, LoginQueue>();

  constructor(clock: Clock, onStopped?: (stopped: StoppedLogin) => void) {
    this.#clock = clock;
    this.#onStopped = onStopped;
  }

  /**
   * No more tries are in flight than denials are left, so that sixteen handshakes at once cannot become sixteen wrong passwords for
   * one directory account. Others wait for a verdict.
   */
  permit(credential: Known, asker: Asker, signal: AbortSignal): Promise<Outcome<Permit>> {
    return this.#queue(credential, asker).enter(deviceOf(asker), signal);
  }

  /** Why the credential is not offered to this device now; undefined when it may be. */
  refusal(credential: Known, asker: Asker): Failure | undefined {
    return this.#queue(credential, asker).refusal(deviceOf(asker));
  }

  /** A session that works: until it is called back it can be asked, by a login beside it, whether the credential still does. */
  witness(credential: Known, asker: Asker, confirm: Confirm): () => void {
    return this.#queue(credential, asker).witness(deviceOf(asker), confirm);
  }

  /** True for a device that took the spare last, or denies the current login while the spare may be tried. */
  prefersSpare(current: Known, spare: Known, asker: Asker, spareAsker: Asker = asker): boolean {
    const [one, other] = [this.#queue(current, asker), this.#queue(spare, spareAsker)];
    const device = deviceOf(asker);
    if (other.refusal(device) !== undefined) return false;
    // A domain changes a password everywhere at once.
    const { authority, suspects } = one.account;
    const isChanged = authority === 'domain' && suspects.size > 0 && other.account.isProven;
    return isChanged || other.account.takers.has(device) || one.refusal(device) !== undefined;
  }

  #queue(credential: Known, asker: Asker): LoginQueue {
    const { isSpare = false, version } = credential;
    const place = placeOf(credential, asker);
    const key = `${place} ${version}`;
    const queue = this.#queues.get(key) ?? this.#newQueue(credential, asker);
    // The last one asked for is the last to go.
    this.#queues.delete(key);
    this.#queues.set(key, queue);
    queue.account.isSpare = isSpare;
    if (!isSpare) this.#current.set(place, queue);
    return queue;
  }

  #newQueue({ name, isSpare = false }: Known, asker: Asker): LoginQueue {
    const idle = [...this.#queues].filter(([, queue]) => queue.isIdle);
    const tooMany = Math.max(0, this.#queues.size + 1 - MAX_KEPT);
    for (const [key] of idle.slice(0, tooMany)) this.#queues.delete(key);
    const account = newAccount(authorityOf(asker), isSpare);
    const place = placeOf({ name, version: '' }, asker);
    const onVerdict = (verdict: Verdict, isNews: boolean) => {
      const { isSpare: isNext } = account;
      if (isNews) this.#onStopped?.({ credential: name, isSpare: isNext, why: whyStopped(name, account) });
      if (isNext && verdict === 'accepted') this.#onSpareTaken(place);
    };
    return new LoginQueue({ clock: this.#clock, name, account, onVerdict });
  }

  /** A device that has moved on says nothing against the login that the others still take. */
  #onSpareTaken(place: string): void {
    const current = this.#current.get(place);
    if (current === undefined) return;
    const { account } = current;
    // A domain's account has moved on as a whole: what stops the former login is no news.
    if (account.authority === 'domain') account.isTold = true;
    else {
      account.suspects.clear();
      account.pausedUntil = Number.NEGATIVE_INFINITY;
    }
    current.serve();
  }
}

function whyStopped(name: string, { isSpare, stoppedBy, hasWorked }: Account): string {
  const what = isSpare ? `the next login of credential ${name}` : `credential ${name}`;
  const where = hasWorked ? 'where it had worked before' : 'and no device has accepted it';
  return (
    `${what} was ${stoppedBy}, ${where}: it is offered to nobody, and tried once each 15 minutes, so that no ` +
    `account is locked. Store the right secret: rmm relay credential add ${name}, or rmm credential seal ${name}`
  );
}
