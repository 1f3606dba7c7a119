// Facts on both engines: one body for many equal machines, history on change, nobody's body under another's name.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Inventory } from '#console/inventory/inventory.ts';
import type { Link } from '#console/sites/relays.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { FactRecord } from '#shared/model/record.ts';
import { makeDevices, wish } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const fact = (device: DeviceId, at: number, value: unknown, kind = 'packages'): FactRecord => {
  const body = JSON.stringify(value);
  return { type: 'fact', device, at, kind, body, hash: createHash('sha256').update(body).digest('hex') };
};

export function defineInventoryTests(engine: TestEngine): void {
  const open = async () => {
    const kit = await makeDevices(engine);
    const inventory = new Inventory(kit);
    const link = await kit.addRelay();
    const apply = (some: FactRecord[], by: Link = link) =>
      kit.store.transaction((tx) => inventory.applyFacts(tx, by, some));
    return { ...kit, inventory, link, apply };
  };

  describe(`inventory on ${engine.name}`, () => {
    test('the current content is shown with when it was first and last seen; history holds the changes', async () => {
      const { add, link, apply, inventory } = await open();
      const id = await add(link.relay, 'a');
      await apply([fact(id, 1, ['bash']), fact(id, 2, { cpus: 2 }, 'hardware')]);
      await apply([fact(id, 5, ['bash'])]);
      await apply([fact(id, 6, ['bash', 'zsh']), fact(id, 7, ['bash']), fact(id, 8, ['bash'])]);
      expect(await inventory.current(scope, id)).toEqual([
        { kind: 'hardware', hash: expect.any(String), firstSeenAt: 2, seenAt: 2, body: { cpus: 2 } },
        { kind: 'packages', hash: expect.any(String), firstSeenAt: 7, seenAt: 8, body: ['bash'] },
      ]);
      const history = await inventory.history(scope, id, 'packages', 10);
      expect(history.map((version) => [version.at, version.body])).toEqual([
        [7, ['bash']],
        [6, ['bash', 'zsh']],
        [1, ['bash']],
      ]);
    });

    test('500 equal machines share one body', async () => {
      const { devices, link, apply, store } = await open();
      const ids = await devices.createMany(
        caller,
        Array.from({ length: 500 }, (_, i) => wish(link.relay, `d${i}`)),
      );
      await apply(ids.map((id) => fact(id, 1, { os: 'debian' })));
      const count = async (table: 'fact' | 'fact_body' | 'fact_history') =>
        (
          await store.db
            .selectFrom(table)
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .executeTakeFirstOrThrow()
        ).n;
      expect([await count('fact'), await count('fact_history'), await count('fact_body')]).toEqual([500, 500, 1]);
    });

    test('a body under a false hash is refused and nothing of its batch stays', async () => {
      const { add, link, apply, inventory } = await open();
      const id = await add(link.relay, 'a');
      const lie = { ...fact(id, 1, ['evil']), hash: fact(id, 1, ['good']).hash };
      await expect(apply([fact(id, 1, 1, 'other'), lie])).rejects.toMatchObject({ code: 'frame-malformed' });
      const body = '{"a":';
      const broken = { ...fact(id, 1, 1), body, hash: createHash('sha256').update(body).digest('hex') };
      await expect(apply([broken])).rejects.toMatchObject({ code: 'frame-malformed' });
      expect(await inventory.current(scope, id)).toEqual([]);
    });

    test('a relay writes no facts of devices that are not its own', async () => {
      const { add, link, apply, addRelay, inventory } = await open();
      const id = await add(link.relay, 'a');
      await apply([fact(id, 1, ['evil'])], await addRelay());
      expect(await inventory.current(scope, id)).toEqual([]);
    });

    test('NUL, surrogates and markup in a body come back as they were', async () => {
      const { add, link, apply, inventory } = await open();
      const id = await add(link.relay, 'a');
      const hostile = { name: 'a\u0000b\uD800<script>', deep: [[[]]] };
      await apply([fact(id, 1, hostile)]);
      expect((await inventory.current(scope, id))[0]?.body).toEqual(hostile);
    });

    test('the facts of a removed device go with it', async () => {
      const { add, devices, link, apply, store } = await open();
      const id = await add(link.relay, 'a');
      await apply([fact(id, 1, ['bash'])]);
      await devices.remove(caller, scope, id);
      expect(await store.db.selectFrom('fact').select('kind').execute()).toEqual([]);
      expect(await store.db.selectFrom('fact_history').select('kind').execute()).toEqual([]);
    });
  });
}
