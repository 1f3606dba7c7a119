// The breaker for Windows logins: 500 machines, one wrong password, one machine that lies, accounts of machines and of domains.
import { setMaxListeners } from 'node:events';
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { CredentialBreaker, type StoppedLogin, type Verdict } from './credential-breaker.ts';
import type { LoginAuthority } from './login-authority.ts';

const MINUTE = 60_000;
const SITE = 500;
const ids = Array.from({ length: SITE }, () => DeviceId.parse(newId(0)));
const deviceAt = (n: number) => ids[n] ?? DeviceId.parse(newId(n));
const never = new AbortController().signal;
setMaxListeners(0, never);

function setUp(authority: LoginAuthority = 'domain') {
  const clock = new FakeClock();
  const stopped: StoppedLogin[] = [];
  const breaker = new CredentialBreaker(clock, (one) => stopped.push(one));
  let tries = 0;
  /** One login of one device, as a machine judges it. */
  const logIn = async (n: number, judge: (n: number) => Verdict, version = 'v1') => {
    const device = deviceAt(n);
    const got = await breaker.permit({ name: 'web', version }, { device, authority }, never);
    if (!got.ok) return got.reason;
    await settle();
    tries += 1;
    const verdict = judge(n);
    got.value.settle(verdict);
    return verdict;
  };
  /** All of them at once, as after a restart. */
  const round = async (judge: (n: number) => Verdict, version?: string) => {
    tries = 0;
    const all = await Promise.all(ids.map((_, n) => logIn(n, judge, version)));
    return { tries, accepted: all.filter((one) => one === 'accepted').length };
  };
  return { clock, stopped, breaker, logIn, round };
}

const wrong = (): Verdict => 'denied';
const right = (): Verdict => 'accepted';
const allBut =
  (...bad: number[]) =>
  (n: number): Verdict =>
    bad.includes(n) ? 'denied' : 'accepted';

test.each(['domain', 'machine'] as const)(
  'a wrong %s password on 500 devices is tried twice and told once',
  async (authority) => {
    const { clock, stopped, round } = setUp(authority);
    expect((await round(wrong)).tries).toBe(2);
    for (let minute = 1; minute < 15; minute += 1) {
      await clock.advance(MINUTE);
      expect((await round(wrong)).tries).toBe(0);
    }
    expect(stopped).toEqual([{ credential: 'web', isSpare: false, why: expect.stringContaining('no device has') }]);
    await clock.advance(MINUTE);
    expect((await round(wrong)).tries).toBe(1);
    expect(stopped).toHaveLength(1);
  },
);

test('the new password is tried at once, and works everywhere', async () => {
  const { stopped, round } = setUp();
  await round(wrong, 'v1');
  expect(await round(right, 'v2')).toEqual({ tries: 500, accepted: 500 });
  expect(stopped).toHaveLength(1);
});

test.each([0, 1, 499])('machine %i refuses everything and the other 499 log in, round after round', async (liar) => {
  const { clock, stopped, round } = setUp();
  for (let hour = 0; hour < 6; hour += 1) {
    expect((await round(allBut(liar))).accepted).toBe(499);
    await clock.advance(10 * MINUTE);
  }
  expect(stopped).toEqual([]);
});

test('a machine that accepts and then refuses stops nobody else, at any pace', async () => {
  const { clock, stopped, round } = setUp();
  await round(right);
  for (let hour = 0; hour < 6; hour += 1) {
    const isLying = hour % 2 === 0;
    expect((await round(isLying ? allBut(7) : right)).accepted).toBeGreaterThanOrEqual(499);
    await clock.advance(31 * MINUTE);
  }
  expect(stopped).toEqual([]);
});

test('a password that was changed in the domain costs two tries when all come back at once', async () => {
  const { clock, stopped, round } = setUp();
  await round(right);
  await clock.advance(MINUTE);
  expect((await round(wrong)).tries).toBe(2);
  expect(stopped).toEqual([{ credential: 'web', isSpare: false, why: expect.stringContaining('had worked before') }]);
});

test('machines that never took a domain login cannot stop it where it works: one that took it is asked each time', async () => {
  const { breaker, stopped, logIn, round } = setUp();
  await logIn(0, right);
  let confirmed = 0;
  breaker.witness({ name: 'web', version: 'v1' }, { device: deviceAt(0), authority: 'domain' }, async () => {
    confirmed += 1;
    await logIn(0, right);
  });
  const { accepted } = await round((n) => (n % 5 === 1 ? 'denied' : 'accepted'));
  expect(accepted).toBe(400);
  expect(confirmed).toBe(100);
  expect(stopped).toEqual([]);
});

test('where no session can be asked, two machines in a row that deny it stop it: a third try could lock it', async () => {
  const { stopped, logIn } = setUp();
  await logIn(0, right);
  expect([await logIn(1, wrong), await logIn(2, wrong), await logIn(0, right)]).toEqual(['denied', 'denied', 'denied']);
  expect(stopped).toHaveLength(1);
});

test('machines that cannot be asked are passed over after three, and a session that is over is not asked', async () => {
  const { breaker, logIn } = setUp();
  const asked: number[] = [];
  for (const n of [0, 1, 2, 3, 4]) {
    await logIn(n, right);
    const leave = breaker.witness({ name: 'web', version: 'v1' }, { device: deviceAt(n), authority: 'domain' }, () => {
      asked.push(n);
      return n === 1 ? Promise.reject(new Error('gone')) : Promise.resolve();
    });
    if (n === 0) leave();
  }
  await logIn(9, wrong);
  expect(await logIn(10, right)).toBe('accepted');
  expect(asked).toEqual([1, 2, 3]);
});

test('who still waits with the former password neither begins it anew nor disturbs the next one', async () => {
  const { stopped, logIn } = setUp();
  const tries = { v1: 0, v2: 0 };
  const all = (version: 'v1' | 'v2') =>
    ids.map((_, n) =>
      logIn(
        n,
        () => {
          tries[version] += 1;
          return 'denied';
        },
        version,
      ),
    );
  await Promise.all([...all('v1'), ...all('v2'), ...all('v1')]);
  await Promise.all(all('v1'));
  expect(tries).toEqual({ v1: 2, v2: 2 });
  expect(stopped).toHaveLength(2);
});

test('one name is an account of machines here and of a domain there: neither vouches for the other', async () => {
  const { breaker, logIn } = setUp('machine');
  await logIn(0, right);
  const known = { name: 'web', version: 'v1' };
  const domain = { device: deviceAt(1), authority: 'domain' as const };
  const first = await breaker.permit(known, domain, never);
  let isIn = false;
  const second = breaker.permit(known, { ...domain, device: deviceAt(2) }, never).then((got) => {
    isIn = got.ok;
  });
  await settle();
  expect([first.ok, isIn]).toEqual([true, false]);
  if (first.ok) first.value.settle('accepted');
  await second;
  expect(isIn).toBe(true);
});

test('many connections to one machine are one try of its own account', async () => {
  const { logIn } = setUp('machine');
  await logIn(0, right);
  let tries = 0;
  const judge = (): Verdict => {
    tries += 1;
    return 'denied';
  };
  expect(await Promise.all(Array.from({ length: 6 }, () => logIn(0, judge)))).toEqual(Array(6).fill('denied'));
  expect(tries).toBe(1);
});

test('a ticket of the directory proves the login: what its machine says then counts for that machine alone', async () => {
  const { breaker, stopped, round } = setUp();
  for (const n of [0, 1, 2, 3]) {
    const got = await breaker.permit(
      { name: 'web', version: 'v1' },
      { device: deviceAt(n), authority: 'domain' },
      never,
    );
    if (!got.ok) throw new Error(got.detail);
    got.value.granted();
    got.value.settle('denied');
  }
  expect((await round(right)).accepted).toBe(496);
  expect(stopped).toEqual([]);
});

test('an account of a machine stops on that machine alone once it has worked anywhere', async () => {
  const { stopped, round } = setUp('machine');
  const half = await round((n) => (n % 2 === 0 ? 'accepted' : 'denied'));
  expect(half.accepted).toBe(250);
  expect((await round(right)).accepted).toBe(250);
  expect(stopped).toEqual([]);
});

test('two machines that swallow a first try stop it as two denials would: the domain may have judged it', async () => {
  const { round } = setUp();
  expect((await round(() => 'unanswered')).tries).toBe(2);
});

test('after a pause a machine that has not refused has the first word', async () => {
  const { clock, round } = setUp();
  await round(allBut(...ids.keys()));
  await clock.advance(15 * MINUTE);
  expect((await round(allBut(0, 1))).accepted).toBe(498);
});
