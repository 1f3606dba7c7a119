// Sessions and API tokens on both engines: short, rotating, ended at once, never above their person.
import { describe, expect, test } from 'vitest';
import type { NewToken } from '#console/access/api-tokens.ts';
import { can } from '#console/access/can.ts';
import { ownerActor } from '#test/fixtures/person-actor.ts';
import { FROM, openSignIn } from './sign-in-kit.ts';
import type { TestEngine } from './test-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function defineSessionTests(engine: TestEngine): void {
  const open = async () => {
    const kit = await openSignIn(engine);
    const secret = await kit.link();
    const { actor } = await kit.whoIs(secret);
    const find = (session: string) => kit.people.sessions.find(session, FROM);
    return { ...kit, secret, actor, find };
  };

  describe(`sessions on ${engine.name}`, () => {
    test('a session ends after an hour in which nobody used it', async () => {
      const { find, secret, clock } = await open();
      clock.jump(HOUR - 1);
      const found = await find(secret);
      expect(found?.via).toBe('link');
      clock.jump(HOUR);
      expect(await find(found?.renewed ?? secret)).toBeUndefined();
    });

    test('after fifteen minutes the secret changes, and of many requests at once one is given the new', async () => {
      const { find, secret, clock } = await open();
      clock.jump(15 * MINUTE);
      const all = await Promise.all(Array.from({ length: 10 }, () => find(secret)));
      expect(all.filter((one) => one === undefined)).toHaveLength(0);
      const renewed = all.flatMap((one) => one?.renewed ?? []);
      expect(renewed).toHaveLength(1);
      expect((await find(renewed[0] ?? ''))?.id).toBe(all[0]?.id);
    });

    test('the former secret has a minute once the new one was used; after it the session ends, and the audit says so', async () => {
      const { find, secret, clock, store } = await open();
      clock.jump(15 * MINUTE);
      const { renewed = '' } = (await find(secret)) ?? {};
      await find(renewed);
      clock.jump(MINUTE);
      expect(await find(secret)).toBeDefined();
      clock.jump(1);
      expect(await find(secret)).toBeUndefined();
      expect(await find(renewed)).toBeUndefined();
      const told = await store.db
        .selectFrom('audit_log')
        .select('outcome')
        .where('verb', '=', 'session.reuse')
        .execute();
      expect(told).toEqual([{ outcome: 'denied' }]);
    });

    test('an answer that was lost on the way is given again', async () => {
      const { find, secret, clock } = await open();
      clock.jump(15 * MINUTE);
      await find(secret);
      clock.jump(5 * MINUTE);
      const { renewed = '' } = (await find(secret)) ?? {};
      expect((await find(renewed))?.name).toBe('owner');
    });

    test('who holds a connection open hears at once that its session, its token or its person is out', async () => {
      const { people, actor, link, whoIs } = await open();
      const other = (await whoIs(await link())).actor;
      const heard: string[] = [];
      const hold = (name: string, by: { session?: string | undefined; token?: string | undefined }) =>
        people.revocations.hold({ person: actor.id, ...by }, () => void heard.push(name));
      hold('one', { session: actor.session });
      hold('two', { session: other.session });
      hold('script', { token: 't1' });
      await people.sessions.end({ actor }, actor.session ?? '');
      expect(heard).toEqual(['one']);
      await people.sessions.endAll({ actor }, actor.id);
      expect(heard).toEqual(['one', 'two']);
      people.revocations.tell({ kind: 'person', person: actor.id });
      expect(heard).toEqual(['one', 'two', 'script']);
      expect(await people.isStillSignedIn(other)).toBe(false);
    });

    test('who signs in anew ends the session that this browser had, and no other', async () => {
      const { people, actor, link, secret, find } = await open();
      const other = await link();
      const { secret: again } = await people.createSignInLink({ actor }, actor.id);
      const heard: string[] = [];
      people.revocations.hold({ person: actor.id, session: actor.session }, () => void heard.push('ended'));
      const signedIn = await people.signIn(again, FROM.address, FROM.agent, secret);
      expect([await find(secret), heard]).toEqual([undefined, ['ended']]);
      for (const open of [other, signedIn.session]) expect(await find(open)).toBeDefined();
    });

    test('all sessions of a person end but the one that asks', async () => {
      const { people, actor, link, secret, find } = await open();
      const others = [await link(), await link()];
      expect(await people.sessions.listOf(actor.id)).toHaveLength(4 - 1);
      expect(await people.sessions.endAll({ actor }, actor.id, actor.session)).toBe(2);
      expect((await find(secret))?.id).toBe(actor.session);
      for (const other of others) expect(await find(other)).toBeUndefined();
    });

    test('a person who is disabled has no session, no token and no link', async () => {
      const { people, store, clock, secret, person, actor } = await open();
      const made = await people.apiTokens.create({ actor }, { ...script, expiresAt: clock.now() + HOUR });
      const link = await people.createSignInLink({ actor }, person.id, 'invite');
      await store.db.updateTable('person').set({ disabled_at: clock.now() }).execute();
      expect((await people.authenticate({ session: secret })).kind).toBe('anonymous');
      expect((await people.authenticate({ token: made.secret })).kind).toBe('anonymous');
      await expect(people.signIn(link.secret)).rejects.toMatchObject({ code: 'token-used' });
    });
  });

  defineTokenTests(engine);
}

const script: Omit<NewToken, 'expiresAt'> = {
  name: 'script',
  verbs: ['device.*'],
  over: [{ kind: 'everything' }],
  addresses: [],
};

function defineTokenTests(engine: TestEngine): void {
  const open = async () => {
    const kit = await openSignIn(engine);
    const { actor } = await kit.whoIs(await kit.link());
    const create = (more: Partial<NewToken> = {}) =>
      kit.people.apiTokens.create({ actor }, { ...script, expiresAt: kit.clock.now() + HOUR, ...more });
    return { ...kit, actor, create };
  };

  describe(`API tokens on ${engine.name}`, () => {
    test('a token ends when it says so, and lasts a year at most', async () => {
      const { people, clock, create } = await open();
      const { secret: token } = await create();
      expect((await people.authenticate({ token })).kind).toBe('person');
      clock.jump(HOUR);
      expect((await people.authenticate({ token })).kind).toBe('anonymous');
      await expect(create({ expiresAt: clock.now() + 400 * 24 * HOUR })).rejects.toMatchObject({ code: 'bad-request' });
      await expect(create({ expiresAt: clock.now() })).rejects.toMatchObject({ code: 'bad-request' });
    });

    test('a token is cut by its limits and by what its maker may at that moment, and makes no other', async () => {
      const { people, store, create } = await open();
      const { secret: token } = await create();
      const before = await people.authenticate({ token });
      expect([can(before, 'device.read').allowed, can(before, 'site.read').allowed]).toEqual([true, false]);
      expect(can(before, 'profile.write').allowed).toBe(false);
      await store.db.deleteFrom('person_grant').execute();
      expect(can(await people.authenticate({ token }), 'device.read').allowed).toBe(false);
      if (before.kind !== 'person') throw new Error('nobody');
      const asked = { ...script, verbs: ['*'], expiresAt: Date.UTC(2026, 0, 2) };
      await expect(people.apiTokens.create({ actor: before }, asked)).rejects.toMatchObject({ code: 'denied' });
    });

    test('the token of this machine works over loopback, and not through a proxy that stands there', async () => {
      const { people, actor } = await open();
      const token = await people.createLocalToken({ actor }, actor.id);
      const kindFrom = async (address: string, isForwarded: boolean) =>
        (await people.identify({ token }, { address, isForwarded })).actor.kind;
      expect(await kindFrom('127.0.0.1', false)).toBe('person');
      expect(await kindFrom('127.0.0.1', true)).toBe('anonymous');
      expect(await kindFrom('192.0.2.1', false)).toBe('anonymous');
    });

    test('what is dangerous needs a maker who had just proven themself', async () => {
      const { people, create, clock, actor } = await open();
      const may = async (token: string) => {
        const found = await people.authenticate({ token });
        return found.kind === 'person' && found.limits?.mayEndanger;
      };
      expect(await may((await create()).secret)).toBe(true);
      clock.jump(11 * MINUTE);
      const later = await people.apiTokens.create({ actor }, { ...script, expiresAt: clock.now() + HOUR });
      expect(await may(later.secret)).toBe(false);
    });

    test('a token works from its addresses alone, that of this machine over loopback alone', async () => {
      const { people, create } = await open();
      const { secret: token } = await create({ addresses: ['10.0.0.0/8'] });
      const from = async (secret: string, address: string) =>
        (await people.identify({ token: secret }, { address })).actor.kind;
      expect([
        await from(token, '10.1.2.3'),
        await from(token, '::ffff:10.1.2.3'),
        await from(token, '11.1.2.3'),
      ]).toEqual(['person', 'person', 'anonymous']);
      const local = await people.createLocalToken(
        { actor: { kind: 'system', part: 'test' } },
        (await create()).token.personId,
      );
      expect([await from(local, '127.0.0.1'), await from(local, '::1'), await from(local, '192.0.2.1')]).toEqual([
        'person',
        'person',
        'anonymous',
      ]);
    });

    test('its last use is told to the minute', async () => {
      const { people, create, clock } = await open();
      const { token, secret } = await create();
      const used = async () => (await people.apiTokens.byId(token.id))?.lastUsedAt;
      const first = clock.now();
      await people.identify({ token: secret }, FROM);
      clock.jump(MINUTE - 1);
      await people.identify({ token: secret }, FROM);
      expect(await used()).toBe(first);
      clock.jump(1);
      await people.identify({ token: secret }, FROM);
      expect(await used()).toBe(clock.now());
    });

    test('a revoked token ends at once, and its streams hear of it', async () => {
      const { people, create } = await open();
      const { token, secret } = await create();
      const heard: string[] = [];
      people.revocations.hold({ person: token.personId, token: token.id }, () => void heard.push('over'));
      await people.apiTokens.revoke({ actor: ownerActor(token.personId, 'owner', 'session') }, token.id);
      expect(heard).toEqual(['over']);
      expect((await people.authenticate({ token: secret })).kind).toBe('anonymous');
    });
  });
}
