// What may have led to an incident: a day of inventory before it and orders on its device, by the rights of the reader.
import { expect, test } from 'vitest';
import type { Scope } from '#console/access/scope.ts';
import { NOTHING_SCOPE } from '#console/access/scope.ts';
import type { Incident } from '#console/alerts/incident-board.ts';
import { scope } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { openTimeline } from '#test/repository/timeline-suite.ts';
import { whatCameBefore } from './incident-before.ts';

const DAY = 86_400_000;

async function open() {
  const kit = await openTimeline(sqliteEngine);
  const openedAt = kit.clock.now();
  await kit.read([openedAt - 2 * DAY, 'os', { name: 'one' }], [openedAt - 60_000, 'os', { name: 'two' }]);
  await kit.read([openedAt + 60_000, 'os', { name: 'three' }]);
  await kit.order(openedAt + 1_000, 1);
  // Of an incident it reads these three.
  const incident = { siteId: kit.siteId, deviceId: kit.id, openedAt } as Incident;
  const before = (may: (verb: string) => boolean, of = incident) =>
    whatCameBefore(
      kit.rooms,
      { scope, scopeOf: async (verb): Promise<Scope> => (may(verb) ? scope : NOTHING_SCOPE) },
      of,
    );
  return { before, incident, openedAt };
}

test('inventory that changed in the day before, and orders since then, newest first', async () => {
  const { before, openedAt } = await open();
  const items = await before(() => true);
  expect(items.map(({ type, at }) => [type, at - openedAt])).toEqual([
    ['action', 1_000],
    ['inventory', -60_000],
  ]);
  expect(items[1]).toMatchObject({ kind: 'os', isFirst: false, changed: [expect.stringContaining('name')] });
});

test('each by its own right, and nothing where there is no device', async () => {
  const { before, incident } = await open();
  expect((await before((verb) => verb === 'inventory.read')).map(({ type }) => type)).toEqual(['inventory']);
  expect((await before((verb) => verb === 'action.read')).map(({ type }) => type)).toEqual(['action']);
  expect(await before(() => false)).toEqual([]);
  expect(await before(() => true, { ...incident, deviceId: null })).toEqual([]);
});
