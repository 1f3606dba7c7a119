// The other relays of a batch wait for the first, on both engines: freed when it went well, ended unheard when it did not.
import { describe, expect, test } from 'vitest';
import { open as openActions } from './actions-kit.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

async function open(engine: TestEngine) {
  const kit = await openActions(engine);
  const { add, link, actions, sign, addRelay } = kit;
  const second = await addRelay();
  const [here, there] = [await add(link.relay, 'a'), await add(second.relay, 'b')];
  const careful = { rollout: { canary: 1, haltPercent: 0 } };
  const first = sign([here], careful);
  const other = sign([there], { ...careful, relay: second.relay });
  const batch = [
    { ...other, batch: { ...other.batch, index: 1, count: 2 } },
    { ...first, batch: { ...first.batch, index: 0, count: 2 } },
  ];
  const [later, now] = await actions.submit(caller, batch);
  if (later === undefined || now === undefined) throw new Error('two in, two out');
  const end = (state: 'succeeded' | 'failed' | 'cancelled' | 'halted') =>
    kit.apply([{ type: 'outcome', manifest: now, device: here, at: 9, state }]);
  return { ...kit, second, later, now, end };
}

export function defineCanaryTests(engine: TestEngine): void {
  describe(`the first relay of a batch on ${engine.name}`, () => {
    test('the part with the lowest number goes, the others are shown to nobody', async () => {
      const { actions, link, second, now, later } = await open(engine);
      expect((await actions.due(link.relay, 10)).map(({ id }) => id)).toEqual([now]);
      expect(await actions.due(second.relay, 10)).toEqual([]);
      expect((await actions.find(scope, later))?.waitsFor).toBe(now);
    });

    test('once it went well the others go too', async () => {
      const { actions, second, later, end, queued } = await open(engine);
      queued.length = 0;
      await end('succeeded');
      expect(queued).toEqual([second.relay]);
      expect((await actions.due(second.relay, 10)).map(({ id }) => id)).toEqual([later]);
    });

    test('a device of the first part that is away holds up nobody once another has succeeded', async () => {
      const { add, link, actions, sign, addRelay, apply, queued } = await openActions(engine);
      const second = await addRelay();
      const [here, away, there] = [
        await add(link.relay, 'a'),
        await add(link.relay, 'b'),
        await add(second.relay, 'c'),
      ];
      const careful = { rollout: { canary: 1, haltPercent: 0 } };
      const [first, other] = [sign([here, away], careful), sign([there], { ...careful, relay: second.relay })];
      const [now] = await actions.submit(caller, [
        { ...first, batch: { ...first.batch, index: 0, count: 2 } },
        { ...other, batch: { ...other.batch, index: 1, count: 2 } },
      ]);
      if (now === undefined) throw new Error('two in, two out');
      queued.length = 0;
      const step = { type: 'outcome' as const, manifest: now, at: 9 };
      const attempt = { n: 1, class: 'device' as const };
      await apply([{ ...step, device: away, state: 'waiting', attempt }]);
      expect(queued).toEqual([]);
      await apply([{ ...step, device: here, state: 'succeeded' }]);
      expect(queued).toEqual([second.relay]);
    });

    test.each(['failed', 'cancelled', 'halted'] as const)(
      'when it %s the others are halted, and the audit says so',
      async (state) => {
        const { actions, second, later, end, settled, states, verbs } = await open(engine);
        await end(state);
        expect(await states(later)).toEqual(['halted']);
        expect((await actions.find(scope, later))?.outcomes[0]?.detail).toContain('0 of 1 devices succeeded');
        expect(await actions.due(second.relay, 10)).toEqual([]);
        expect(settled).toContain(later);
        expect(await verbs()).toContain('action.halt');
      },
    );

    test('a first part that is cancelled before it was sent takes the others with it', async () => {
      const { actions, now, later, states } = await open(engine);
      await actions.cancel(caller, scope, now);
      expect(await states(later)).toEqual(['halted']);
    });

    test('without a canary nobody waits', async () => {
      const { add, link, actions, sign, addRelay } = await openActions(engine);
      const second = await addRelay();
      const parts = [
        sign([await add(link.relay, 'a')]),
        sign([await add(second.relay, 'b')], { relay: second.relay }),
      ].map((one, index) => ({ ...one, batch: { ...one.batch, index, count: 2 } }));
      await actions.submit(caller, parts);
      expect(await actions.due(second.relay, 10)).toHaveLength(1);
    });
  });
}
