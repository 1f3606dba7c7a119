// People on both engines: secrets used once, sessions that end, and nothing of a secret in the database.
import { describe, expect, test } from 'vitest';
import { People } from '#console/access/people.ts';
import { caller, makeEstate } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const MINUTE = 60_000;

export function definePeopleTests(engine: TestEngine): void {
  const open = async () => {
    const estate = await makeEstate(engine);
    const people = new People(estate);
    return { ...estate, people };
  };

  describe(`people on ${engine.name}`, () => {
    test('the first start makes one person and one token, later starts none', async () => {
      const { people, store } = await open();
      const starts = await Promise.all([people.initConsole(), people.initConsole(), people.initConsole()]);
      expect(starts.filter((one) => one.token !== undefined)).toHaveLength(1);
      expect(await store.db.selectFrom('person').select('id').execute()).toHaveLength(1);
      const token = starts.find((one) => one.token !== undefined)?.token;
      expect(await people.authenticate({ token })).toMatchObject({ kind: 'person', name: 'owner', via: 'token' });
    });

    test('a link opens one session, and of 50 uses at once exactly one', async () => {
      const { people } = await open();
      const { person } = await people.initConsole();
      const link = await people.createSignInLink(caller, person.id);
      const uses = await Promise.allSettled(Array.from({ length: 50 }, () => people.signIn(link.secret)));
      const won = uses.flatMap((use) => (use.status === 'fulfilled' ? [use.value] : []));
      expect(won).toHaveLength(1);
      for (const use of uses) if (use.status === 'rejected') expect(use.reason).toMatchObject({ code: 'token-used' });
      expect(await people.authenticate({ session: won[0]?.session })).toMatchObject({ id: person.id, via: 'session' });
    });

    test('a link is spent after ten minutes, a session after twelve hours', async () => {
      const { people, clock } = await open();
      const { person } = await people.initConsole();
      const late = await people.createSignInLink(caller, person.id);
      clock.jump(10 * MINUTE);
      await expect(people.signIn(late.secret)).rejects.toMatchObject({ code: 'token-expired' });
      const { session } = await people.signIn((await people.createSignInLink(caller, person.id)).secret);
      // Used all the time, with each new secret it is given.
      let secret = session;
      const look = async (ms: number) => {
        clock.jump(ms);
        const { actor, renewed } = await people.identify({ session: secret }, {});
        secret = renewed ?? secret;
        return actor.kind;
      };
      for (let hours = 1; hours <= 12; hours += 1) expect(await look(60 * MINUTE - 1)).toBe('person');
      expect(await look(12)).toBe('anonymous');
    });

    test('a flood of wrong secrets writes fifty rows in ten minutes, and then how many were left out', async () => {
      const { people, store, clock } = await open();
      const wrong = async (times: number) => {
        for (let n = 0; n < times; n += 1) await people.signIn(`wrong-${n}`).catch(() => undefined); // refused
        const rows = await store.db.selectFrom('audit_log').select('detail').where('outcome', '=', 'denied').execute();
        return rows.map((row) => row.detail);
      };
      expect(await wrong(120)).toHaveLength(50);
      await clock.advance(10 * MINUTE);
      expect((await wrong(1)).at(-1)).toBe('{"code":"token-unknown","untold":"70"}');
    });

    test('who floods the trail with wrong secrets hides nobody else, and a thousand addresses do not fill it', async () => {
      const { people, store, clock } = await open();
      const wrong = (address: string) => people.signIn('wrong', address).catch(() => undefined); // refused
      const from = async (address: string) => {
        const rows = store.db.selectFrom('audit_log').select('seq').where('outcome', '=', 'denied');
        return (await rows.where('address', '=', address).execute()).length;
      };
      for (let n = 0; n < 60; n += 1) await wrong('192.0.2.1');
      await wrong('198.51.100.1');
      expect([await from('192.0.2.1'), await from('198.51.100.1')]).toEqual([50, 1]);
      await clock.advance(10 * MINUTE);
      for (let n = 0; n < 600; n += 1) await wrong(`10.0.${n >> 8}.${n & 255}`);
      const all = await store.db.selectFrom('audit_log').select('seq').where('outcome', '=', 'denied').execute();
      expect(all).toHaveLength(51 + 500);
    });

    test('a wrong secret is refused, told from a used one, and audited with its address', async () => {
      const { people, store } = await open();
      await expect(people.signIn('rmml_wrong', '192.0.2.1')).rejects.toMatchObject({ code: 'token-unknown' });
      const row = await store.db
        .selectFrom('audit_log')
        .select(['actor', 'outcome', 'address'])
        .where('verb', '=', 'session.create')
        .executeTakeFirstOrThrow();
      expect(row).toEqual({ actor: 'anonymous', outcome: 'denied', address: '192.0.2.1' });
    });

    test('signing out ends the session at once', async () => {
      const { people } = await open();
      const { person } = await people.initConsole();
      const { session } = await people.signIn((await people.createSignInLink(caller, person.id)).secret);
      await people.signOut(caller, session);
      expect((await people.authenticate({ session })).kind).toBe('anonymous');
    });

    test('no table holds a secret', async () => {
      const { people, store } = await open();
      const { person, token } = await people.initConsole();
      const link = await people.createSignInLink(caller, person.id);
      const { session } = await people.signIn(link.secret);
      const rows = JSON.stringify([
        await store.db.selectFrom('sign_in_link').selectAll().execute(),
        await store.db.selectFrom('session').selectAll().execute(),
        await store.db.selectFrom('api_token').selectAll().execute(),
        await store.db.selectFrom('audit_log').selectAll().execute(),
      ]);
      for (const secret of [token, link.secret, session]) expect(rows).not.toContain(String(secret).slice(5));
      expect(rows).toContain('session.create');
    });
  });
}
