// Orders that lack a signature, on both engines: kept, told to nobody, and sent once another person has signed.
import { describe, expect, test } from 'vitest';
import { HOUR, open } from './actions-kit.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

export function defineSignatureTests(engine: TestEngine): void {
  describe(`actions that wait for a signature on ${engine.name}`, () => {
    const reason = 'needs two';

    test('nothing of it goes to a relay before the second signature, and then all of its batch does', async () => {
      const { add, link, actions, sign, queued, verbs } = await open(engine);
      const device = await add(link.relay, 'a');
      const batch = [sign([device], { reason }), sign([device], { reason })];
      const ids = await actions.submit(caller, batch);
      const [alone] = await actions.submit(caller, [{ ...sign([device], { reason }), signature: 'z' }]);
      expect(queued).toEqual([]);
      expect(await actions.due(link.relay, 10)).toEqual([]);
      const waiting = await actions.list(scope, { limit: 10, state: 'waiting-for-signature' });
      expect(waiting.items.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids, alone]));
      const [first] = ids;
      if (first === undefined) throw new Error('nothing was submitted');
      expect(await actions.batch(scope, first)).toHaveLength(2);
      const signed = await actions.sign(caller, scope, first, 'y');
      expect(signed).toEqual({ ids: expect.arrayContaining(ids), lacks: undefined });
      const due = await actions.due(link.relay, 10);
      expect(due.map((one) => one.signed.countersignatures)).toEqual([['y'], ['y']]);
      expect(new Set(queued)).toEqual(new Set([link.relay]));
      expect((await verbs()).slice(-2)).toEqual(['action.sign', 'action.sign']);
      await expect(actions.sign(caller, scope, first, 'x')).rejects.toMatchObject({ code: 'conflict' });
    });

    test('of two who sign at once one is told to look again, and the order takes no second signature twice', async () => {
      const { add, link, actions, submit } = await open(engine);
      const id = await submit([await add(link.relay, 'a')], { reason });
      const tries = await Promise.allSettled(['a', 'b'].map((by) => actions.sign(caller, scope, id, by)));
      expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await actions.due(link.relay, 10))[0]?.signed.countersignatures).toHaveLength(1);
    });

    test('it can be cancelled, expires, and is cancelled when its relay is revoked, unheard by anybody', async () => {
      const { add, link, actions, submit, states, clock } = await open(engine);
      const device = await add(link.relay, 'a');
      const [gone, late, lost] = [
        await submit([device], { reason }),
        await submit([device], { reason }),
        await submit([device], { reason, exp: clock.now() + 2 * HOUR }),
      ];
      await actions.cancel(caller, scope, gone);
      await clock.advance(HOUR);
      expect(await actions.expire(clock.now())).toBe(1);
      await actions.abandon(link.relay);
      expect(await Promise.all([gone, late, lost].map(states))).toEqual([['cancelled'], ['expired'], ['cancelled']]);
    });
  });
}
