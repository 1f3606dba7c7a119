// Who tries one login next: those who wait go in their turn, first where it worked last, and a machine that took it can be asked to confirm.
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { type Account, begin, grant, isInDoubt, learn, mayTry, type Try, type Verdict } from './breaker-account.ts';

/** Leave to offer a credential once; `settle` must be called with what came of it. */
export interface Permit {
  /** The directory itself took the login: what its machine says from here on counts for that machine alone. */
  granted(): void;
  settle(verdict: Verdict): void;
}

/** Logs in once more beside a session that works; resolves when that is over, however it ended. */
export type Confirm = () => Promise<void>;

interface Waiter {
  device: DeviceId;
  leave: (outcome: Outcome<Permit>) => void;
}

interface Witness {
  device: DeviceId;
  confirm: Confirm;
}

// 3 machines that could not be asked: then somebody new has the word, alone.
const MAX_ASKED = 3;

interface LoginQueueParts {
  clock: Clock;
  /** Of the credential. */
  name: string;
  account: Account;
  /** A try is over; `isNews`: the login stops everywhere by it, and nobody was told. */
  onVerdict: (verdict: Verdict, isNews: boolean) => void;
}

export class LoginQueue {
  readonly account: Account;
  readonly #parts: LoginQueueParts;
  readonly #waiters = new Set<Waiter>();
  readonly #witnesses = new Set<Witness>();
  /** In this doubt. */
  readonly #asked = new Set<DeviceId>();
  #confirming: Witness | undefined;

  constructor(parts: LoginQueueParts) {
    this.#parts = parts;
    this.account = parts.account;
  }

  /** Nothing would be lost with it. */
  get isIdle(): boolean {
    const { inFlight, pausedUntil } = this.account;
    const isBusy = this.#waiters.size + this.#witnesses.size + inFlight.size > 0;
    return !isBusy && pausedUntil <= this.#parts.clock.monotonic();
  }

  /** Why it is not offered to this device now; undefined when it may be. */
  refusal(device: DeviceId): Failure | undefined {
    const { pausedUntil, stoppedBy, devices } = this.account;
    const { clock, name } = this.#parts;
    const now = clock.monotonic();
    if (pausedUntil > now) return fail('denied', `credential ${name}: ${stoppedBy}, not tried again yet`);
    const paused = devices.get(device)?.pausedUntil ?? now;
    return paused > now ? fail('denied', `credential ${name}: denied by this device, not tried again yet`) : undefined;
  }

  /** Waits for the turn; whoever gets a permit has begun a try. */
  enter(device: DeviceId, signal: AbortSignal): Promise<Outcome<Permit>> {
    const stopped = fail('cancelled', `credential ${this.#parts.name}: stopped by us`);
    if (signal.aborted) return Promise.resolve(stopped);
    return new Promise((resolve) => {
      const onAbort = () => waiter.leave(stopped);
      const waiter: Waiter = {
        device,
        leave: (outcome) => {
          signal.removeEventListener('abort', onAbort);
          this.#waiters.delete(waiter);
          resolve(outcome);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
      this.serve();
    });
  }

  /** While it is not called back, the device can be asked whether the login still works. */
  witness(device: DeviceId, confirm: Confirm): () => void {
    const witness = { device, confirm };
    this.#witnesses.add(witness);
    return () => this.#witnesses.delete(witness);
  }

  /** Lets go whoever may go, and whoever may not at all. */
  serve(): void {
    const { account } = this;
    const isTaker = ({ device }: Waiter) => account.takers.has(device);
    const waiters = [...this.#waiters];
    for (const waiter of [...waiters.filter(isTaker), ...waiters.filter((one) => !isTaker(one))]) {
      const refusal = this.refusal(waiter.device);
      if (refusal !== undefined) waiter.leave(refusal);
      else if (mayTry(account, waiter.device, (this.#confirming ?? this.#nextWitness())?.device))
        waiter.leave(succeed(this.#permitFor(begin(account, waiter.device))));
    }
    this.#confirm();
  }

  #permitFor(tried: Try): Permit {
    let isOpen = true;
    return {
      granted: () => {
        if (!isOpen || tried.isGranted) return;
        grant(this.account, tried);
        this.#changed();
      },
      settle: (verdict) => {
        if (!isOpen) return;
        isOpen = false;
        const isNews = learn(this.account, tried, verdict, this.#parts.clock.monotonic());
        this.#parts.onVerdict(verdict, isNews);
        this.#changed();
      },
    };
  }

  #changed(): void {
    if (this.account.suspects.size === 0) this.#asked.clear();
    this.serve();
  }

  #nextWitness(): Witness | undefined {
    if (this.#asked.size >= MAX_ASKED) return undefined;
    const { takers } = this.account;
    return [...this.#witnesses].find(({ device }) => takers.has(device) && !this.#asked.has(device));
  }

  /** Only when somebody waits for it: a device that refuses by itself costs nobody a login. */
  #confirm(): void {
    if (this.#confirming !== undefined || this.#waiters.size === 0 || !isInDoubt(this.account)) return;
    const witness = this.#nextWitness();
    if (witness === undefined) return;
    this.#confirming = witness;
    this.#asked.add(witness.device);
    const onOver = () => {
      this.#confirming = undefined;
      this.serve();
    };
    witness.confirm().then(onOver, onOver);
  }
}
