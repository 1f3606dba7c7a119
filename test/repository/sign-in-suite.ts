// The ways in on both engines: one refusal for everything, each proof once, the last factor stays.
import { describe, expect, test } from 'vitest';
import { signInPasskey } from '#test/fixtures/sign-in-passkey.ts';
import { FROM, HERE, openSignIn, PASSWORD } from './sign-in-kit.ts';
import type { TestEngine } from './test-engine.ts';

export function defineSignInTests(engine: TestEngine): void {
  describe(`signing in on ${engine.name}`, () => {
    test('password and code open a session together, and each code opens one', async () => {
      const { doors, enrol, whoIs } = await openSignIn(engine);
      const app = await enrol();
      const typed = { name: 'owner', password: PASSWORD, code: app.code() };
      const tries = await Promise.allSettled([1, 2, 3].map(() => doors.byPassword(typed, FROM)));
      const opened = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(opened).toHaveLength(1);
      expect(await whoIs(opened[0]?.session ?? '')).toMatchObject({ actor: { name: 'owner', mustEnrol: false } });
    });

    test('whatever is wrong is refused in the same words', async () => {
      const { doors, enrol, store, clock } = await openSignIn(engine);
      const app = await enrol();
      const right = { name: 'owner', password: PASSWORD };
      const refusal = (typed: { name: string; password: string; code: string }) =>
        doors.byPassword(typed, FROM).then(
          () => 'let in',
          ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
        );
      const told = [
        await refusal({ ...right, name: 'nobody', code: app.code() }),
        await refusal({ ...right, password: 'another river in May', code: app.code() }),
        await refusal({ ...right, code: '000000' }),
        await refusal({ ...right, code: 'abcd-efgh-jkmn-pqrs' }),
      ];
      await store.db.updateTable('person').set({ disabled_at: clock.now() }).execute();
      told.push(await refusal({ ...right, code: app.code() }));
      for (let n = 0; n < 12; n += 1) told.push(await refusal({ name: 'other', password: 'x', code: '111111' }));
      expect(new Set(told).size).toBe(1);
      expect(told[0]).toMatch(/^unauthenticated /);
    });

    test('after ten wrong answers nothing is hashed for a while, for names that nobody has as well', async () => {
      const { doors, enrol, hasher, clock } = await openSignIn(engine);
      const app = await enrol();
      for (const name of ['owner', 'nobody']) {
        const wrong = () => doors.byPassword({ name, password: 'wrong', code: '123456' }, FROM).catch(() => undefined);
        await Promise.all(Array.from({ length: 25 }, wrong));
        const before = hasher.computed;
        await Promise.all(Array.from({ length: 25 }, wrong));
        expect([name, hasher.computed - before]).toEqual([name, 0]);
      }
      const typed = () => ({ name: 'owner', password: PASSWORD, code: app.code() });
      await expect(doors.byPassword(typed(), FROM)).rejects.toMatchObject({ code: 'unauthenticated' });
      await clock.advance(61_000);
      expect((await doors.byPassword(typed(), FROM)).person.name).toBe('owner');
    });

    test('a recovery code stands in for the app once, and new ones void the old', async () => {
      const { doors, enrol, factors, link, whoIs } = await openSignIn(engine);
      await enrol();
      const own = await whoIs(await link());
      const [first = '', second = ''] = await factors.newRecoveryCodes(own);
      const by = (code: string) => doors.byPassword({ name: 'owner', password: PASSWORD, code }, FROM);
      expect((await by(first.toUpperCase().replaceAll('-', ' '))).person.name).toBe('owner');
      await expect(by(first)).rejects.toMatchObject({ code: 'unauthenticated' });
      expect((await factors.profile(own.actor)).recoveryLeft).toBe(9);
      await factors.newRecoveryCodes(own);
      await expect(by(second)).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    test('an invitation opens a session that must enrol, and is whole once a factor stands', async () => {
      const { factors, link, whoIs, challenges } = await openSignIn(engine);
      const session = await link('invite');
      expect((await whoIs(session)).actor.mustEnrol).toBe(true);
      const own = await whoIs(session);
      await factors.putPassword(own, PASSWORD);
      expect((await whoIs(session)).actor.mustEnrol).toBe(true);
      const { challenge } = await factors.passkeyChallenge(own, HERE);
      const made = await (await signInPasskey('a')).make(challenge, HERE);
      await factors.addPasskey(own, { ...made, name: 'telephone' }, HERE);
      expect((await whoIs(session)).actor.mustEnrol).toBe(false);
      expect(challenges.take(challenge, { kind: 'make', person: own.actor.id })).toBeUndefined();
    });

    test('the last second factor is replaced, never removed', async () => {
      const { factors, enrol, link, whoIs } = await openSignIn(engine);
      await enrol();
      const own = await whoIs(await link());
      await expect(factors.removeTotp(own)).rejects.toMatchObject({ code: 'conflict' });
      const { challenge } = await factors.passkeyChallenge(own, HERE);
      const made = await (await signInPasskey('a')).make(challenge, HERE);
      await factors.addPasskey(own, { ...made, name: 'telephone' }, HERE);
      const [passkey] = (await factors.profile(own.actor)).passkeys;
      const gone = await Promise.allSettled([factors.removeTotp(own), factors.removePasskey(own, passkey?.id ?? '')]);
      expect(gone.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect((await factors.profile(own.actor)).isEnrolled).toBe(true);
    });

    test('no table holds a password, a code or the secret of an app', async () => {
      const { enrol, factors, link, whoIs, store } = await openSignIn(engine);
      const app = await enrol();
      const codes = await factors.newRecoveryCodes(await whoIs(await link()));
      const rows = JSON.stringify([
        await store.db.selectFrom('person_factor').selectAll().execute(),
        await store.db.selectFrom('recovery_code').selectAll().execute(),
        await store.db.selectFrom('audit_log').selectAll().execute(),
      ]);
      const secrets = [PASSWORD, app.secret.toString('base64url'), app.secret.toString('hex'), ...codes];
      for (const secret of secrets) expect(rows).not.toContain(secret);
      expect(rows).toContain('profile.totp.put');
    });
  });

  definePasskeyTests(engine);
}

function definePasskeyTests(engine: TestEngine): void {
  const withPasskey = async () => {
    const kit = await openSignIn(engine);
    const own = await kit.whoIs(await kit.link());
    const passkey = await signInPasskey('a');
    const { challenge, user } = await kit.factors.passkeyChallenge(own, HERE);
    const made = await passkey.make(challenge, HERE, { counter: 4 });
    await kit.factors.addPasskey(own, { ...made, name: 'telephone' }, HERE);
    const ask = async () => (await kit.challenges.make({ kind: 'prove' })).challenge;
    return { ...kit, own, passkey, ask, handle: user.id };
  };

  describe(`passkeys on ${engine.name}`, () => {
    test('a passkey signs in without a name, also somebody whose name is braked', async () => {
      const { doors, passkey, ask, handle } = await withPasskey();
      for (let n = 0; n < 15; n += 1)
        await doors.byPassword({ name: 'owner', password: 'x', code: '123456' }, FROM).catch(() => undefined); // refused
      const assertion = await passkey.answer(await ask(), HERE, { counter: 5, userHandle: handle });
      const signedIn = await doors.byPasskey(assertion, HERE, FROM);
      expect(signedIn.actor).toMatchObject({ name: 'owner', via: 'session', mustEnrol: false });
    });

    test.each([
      ['another origin', { client: { origin: 'http://localhost:9090' } }],
      ['a frame of another page', { client: { crossOrigin: true } }],
      ['another name', { rpId: 'elsewhere.example' }],
      ['a user who was not verified', { flags: 0x01 }],
      ['a user who was not present', { flags: 0x04 }],
      ['a counter that went back', { counter: 4 }],
      ['another person', { userHandle: 'AAAA' }],
    ])('%s is refused, and the question is spent', async (_what, faults) => {
      const { doors, passkey, ask } = await withPasskey();
      const challenge = await ask();
      const wrong = await passkey.answer(challenge, HERE, { counter: 5, ...faults });
      await expect(doors.byPasskey(wrong, HERE, FROM)).rejects.toMatchObject({ code: 'unauthenticated' });
      const right = await passkey.answer(challenge, HERE, { counter: 6 });
      await expect(doors.byPasskey(right, HERE, FROM)).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    test('an answer opens one session, within five minutes', async () => {
      const { doors, passkey, ask, clock } = await withPasskey();
      const assertion = await passkey.answer(await ask(), HERE, { counter: 5 });
      const tries = await Promise.allSettled([1, 2, 3].map(() => doors.byPasskey(assertion, HERE, FROM)));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const late = await passkey.answer(await ask(), HERE, { counter: 6 });
      await clock.advance(5 * 60_000);
      await expect(doors.byPasskey(late, HERE, FROM)).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    test('a session is proven anew by its own person alone', async () => {
      const { doors, passkey, ask, own, clock, whoIs, link } = await withPasskey();
      const session = await link('own');
      expect((await whoIs(session)).actor.steppedUpAt).toBeNull();
      const stranger = { ...own, actor: { ...own.actor, id: 'p2' } };
      const wrong = await passkey.answer(await ask(), HERE, { counter: 5 });
      await expect(doors.stepUpByPasskey(stranger, wrong, HERE)).rejects.toMatchObject({ code: 'denied' });
      const right = await passkey.answer(await ask(), HERE, { counter: 6 });
      await doors.stepUpByPasskey(await whoIs(session), right, HERE);
      expect((await whoIs(session)).actor.steppedUpAt).toBe(clock.now());
    });

    test.each([
      ['made on another page', { client: { origin: 'http://localhost:9090' } }],
      ['made for another name', { rpId: 'elsewhere.example' }],
      ['its user was not verified', { flags: 0x41 }],
      ['no new credential', { flags: 0x05 }],
    ])('a passkey that is %s is not kept', async (_what, faults) => {
      const { factors, own } = await withPasskey();
      const { challenge } = await factors.passkeyChallenge(own, HERE);
      const made = await (await signInPasskey('b')).make(challenge, HERE, faults);
      await expect(factors.addPasskey(own, { ...made, name: 'other' }, HERE)).rejects.toMatchObject({
        code: 'bad-request',
      });
    });
  });

  describe(`what people sign in with on ${engine.name}`, () => {
    test('is told by name and never by content, with the time they were seen last', async () => {
      const { factors, enrol, person, clock, link } = await openSignIn(engine);
      expect(await factors.standings()).toEqual(new Map());
      await enrol();
      const seen = clock.now();
      await link();
      expect((await factors.standings()).get(person.id)).toEqual({
        factors: ['password', 'totp'],
        lastSeenAt: seen,
      });
    });
  });
}
