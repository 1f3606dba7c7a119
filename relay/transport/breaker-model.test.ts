// The breaker against made-up sites: whatever order logins, verdicts, lost answers and changed passwords come in, a wrong one is tried twice.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { CredentialBreaker, type Permit, type Verdict } from './credential-breaker.ts';

const MINUTE = 60_000;
const PAUSE = 15 * MINUTE;
const SITE = 12;
const ids = Array.from({ length: SITE }, () => DeviceId.parse(newId(0)));

interface Plan {
  authority: 'domain' | 'machine';
  /** Lets nobody in. */
  liar: number | undefined;
  /** Its answers are lost. */
  loser: number | undefined;
  /** Tickets: the directory answers before the machine is asked. */
  hasTickets: boolean;
  mayChange: boolean;
  steps: readonly number[];
}

interface Tried {
  device: number;
  version: string;
  permit: Permit;
  verdict: Verdict | undefined;
}

/** A site as a directory and its machines see it. Each step is a number that decides what happens next. */
class Site {
  readonly clock = new FakeClock();
  stops = 0;
  readonly #breaker = new CredentialBreaker(this.clock, () => {
    this.stops += 1;
  });
  readonly #plan: Plan;
  /** Sent, and not answered. */
  readonly #flying: Tried[] = [];
  readonly #asking = new Map<number, AbortController>();
  readonly #sessions = new Map<number, () => void>();
  /** When a password was judged wrong, by account and version, since it was last judged right. */
  readonly #wrong = new Map<string, number[]>();
  #truth = 'v1';
  #stored = 'v1';
  readonly faults: string[] = [];
  readonly refused = new Set<number>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  #known = (version: string) => ({ name: 'web', version });

  #asker(device: number) {
    return { device: ids[device] ?? expect.fail('no device'), authority: this.#plan.authority };
  }

  async step(choice: number): Promise<void> {
    const of = Math.floor(choice / 16);
    const kind = choice % 16;
    if (kind < 6) void this.logIn(of % SITE);
    else if (kind < 9) this.#judge(of);
    else if (kind < 12) this.#answer(of);
    else if (kind === 12) this.#sessions.get(of % SITE)?.();
    else if (kind === 13) await this.clock.advance(5_000 + (of % 4) * 8 * MINUTE);
    else if (kind === 14 && this.#plan.mayChange) this.#truth = `v${1 + (of % 3)}`;
    else if (kind === 15 && this.#plan.mayChange) this.#stored = this.#truth;
    await turns();
  }

  /** Everything that is under way comes to its end. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      while (this.#flying.length > 0) {
        quiet = 0;
        this.#judge(0);
        this.#answer(0);
        await turns();
      }
      await turns();
    }
  }

  async logIn(device: number): Promise<Verdict | 'refused'> {
    if (this.#asking.has(device)) return 'refused';
    const asking = new AbortController();
    this.#asking.set(device, asking);
    const version = this.#stored;
    const got = await this.#breaker.permit(this.#known(version), this.#asker(device), asking.signal);
    this.#asking.delete(device);
    if (!got.ok) {
      this.refused.add(device);
      return 'refused';
    }
    return await this.#send(device, version, got.value);
  }

  #send(device: number, version: string, permit: Permit): Promise<Verdict> {
    return new Promise((resolve) => {
      const settle = (verdict: Verdict) => {
        permit.settle(verdict);
        if (verdict === 'accepted' && !this.#sessions.has(device)) this.#open(device, version);
        resolve(verdict);
      };
      this.#flying.push({ device, version, permit: { granted: () => permit.granted(), settle }, verdict: undefined });
    });
  }

  #open(device: number, version: string): void {
    const again = async () => {
      const permit = await this.#breaker.permit(
        this.#known(version),
        this.#asker(device),
        new AbortController().signal,
      );
      if (permit.ok) await this.#send(device, version, permit.value);
    };
    const leave = this.#breaker.witness(this.#known(version), this.#asker(device), again);
    this.#sessions.set(device, () => {
      leave();
      this.#sessions.delete(device);
    });
  }

  /** Whoever knows the password looks at it now, and nobody hears of it yet. */
  #judge(of: number): void {
    const tried = this.#flying[of % Math.max(1, this.#flying.length)];
    if (tried === undefined || tried.verdict !== undefined) return;
    const { device, version, permit } = tried;
    const { authority, liar, loser, hasTickets } = this.#plan;
    const isRight = version === this.#truth;
    this.#count(authority === 'machine' ? `${version} at ${device}` : version, isRight);
    if (hasTickets && isRight) permit.granted();
    if (device === loser) tried.verdict = 'unanswered';
    else tried.verdict = isRight && device !== liar ? 'accepted' : 'denied';
  }

  #answer(of: number): void {
    const index = of % Math.max(1, this.#flying.length);
    const tried = this.#flying[index];
    if (tried?.verdict === undefined) return;
    this.#flying.splice(index, 1);
    tried.permit.settle(tried.verdict);
  }

  #count(account: string, isRight: boolean): void {
    const now = this.clock.monotonic();
    const times = isRight ? [] : [...(this.#wrong.get(account) ?? []), now];
    this.#wrong.set(account, times);
    const recent = times.filter((at) => now - at < PAUSE);
    // An answer that is lost has the login rest for a minute; then one more tells.
    const most = this.#plan.loser === undefined ? 2 : 3;
    if (recent.length > most) this.faults.push(`${account} was wrong ${recent.length} times`);
    const atOnce = recent.filter((at) => now - at < MINUTE);
    if (atOnce.length > 2) this.faults.push(`${account} was wrong ${atOnce.length} times in a minute`);
  }
}

/** Enough for a permit and what follows from it. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}

const place = fc.option(fc.nat(SITE - 1), { nil: undefined });
const steps = fc.array(fc.nat(16 * 64 - 1), { minLength: 40, maxLength: 160 });
const plans = {
  liar: place,
  hasTickets: fc.boolean(),
  steps,
};

const kindsOf = (authority: 'domain' | 'machine') =>
  fc.record<Plan>({
    ...plans,
    authority: fc.constant(authority),
    hasTickets: authority === 'domain' ? fc.boolean() : fc.constant(false),
    loser: place,
    mayChange: fc.constant(true),
  });

test.each(['domain', 'machine'] as const)(
  'a wrong password of a %s is tried twice at most, in whatever order things happen',
  async (authority) => {
    await fc.assert(
      fc.asyncProperty(kindsOf(authority), async (plan) => {
        const site = new Site(plan);
        for (const choice of plan.steps) await site.step(choice);
        await site.settle();
        expect(site.faults).toEqual([]);
      }),
      { numRuns: 250 },
    );
  },
);

test('one machine that refuses everything stops itself alone, whatever the order', async () => {
  const honest = fc.record<Plan>({
    ...plans,
    authority: fc.constant('domain'),
    liar: fc.nat(SITE - 1),
    loser: fc.constant(undefined),
    mayChange: fc.constant(false),
  });
  await fc.assert(
    fc.asyncProperty(honest, async (plan) => {
      const site = new Site(plan);
      for (const choice of plan.steps) await site.step(choice);
      await site.settle();
      expect([...site.refused].filter((device) => device !== plan.liar)).toEqual([]);
      expect(site.stops).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('whatever happened before, a right password works everywhere again, by itself', async () => {
  await fc.assert(
    fc.asyncProperty(kindsOf('domain'), async (plan) => {
      const site = new Site({ ...plan, liar: undefined, loser: undefined });
      for (const choice of [...plan.steps, 14, 15]) await site.step(choice);
      await site.settle();
      await site.clock.advance(31 * MINUTE);
      const all = Promise.all(ids.map((_, device) => site.logIn(device)));
      await turns();
      await site.settle();
      expect(await all).toEqual(Array(SITE).fill('accepted'));
    }),
    { numRuns: 100 },
  );
});
