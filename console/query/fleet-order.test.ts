// Proves the order of lists, and that a cursor meets every row that keeps its key exactly once, whatever happens around it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyGlance } from '#shared/model/glance.ts';
import { deviceNo, emptyFleet, idNo, OTHER_SITE } from '#test/fixtures/fleet-kit.ts';
import { FleetOrder, readSort } from './fleet-order.ts';
import type { FleetRows } from './fleet-rows.ts';

const CPUS = [0.5, Number.NaN, 0.9, 0.5, 0.1];

function fleet(): FleetRows {
  const rows = emptyFleet();
  CPUS.forEach((cpu, n) => {
    const more = { name: n === 3 ? 'Device-3' : `device-${n}`, createdAt: 1_000 * n, siteId: OTHER_SITE };
    const { row } = rows.write(deviceNo(n, n === 4 ? more : { ...more, siteId: deviceNo(n).siteId }));
    rows.writeGlance(row, n === 1 ? Number.NaN : 5_000 - n, { ...emptyGlance(), cpu });
  });
  return rows;
}

const namesBy = (sort: string) => {
  const rows = fleet();
  return new FleetOrder(rows, readSort(sort))
    .sorted([...rows.all()])
    .map((row) => Number(rows.texts.name.text[row]?.at(-1)));
};

test.each([
  ['name', [0, 1, 2, 3, 4]],
  ['-name', [4, 3, 2, 1, 0]],
  ['cpu', [4, 0, 3, 2, 1]],
  ['-cpu', [2, 0, 3, 4, 1]],
  ['site', [0, 1, 2, 3, 4]],
  ['-site', [4, 0, 1, 2, 3]],
  // The youngest first, as an age counts.
  ['added', [4, 3, 2, 1, 0]],
  ['polled', [0, 2, 3, 4, 1]],
  ['status', [0, 1, 2, 3, 4]],
])('by %s: unknown comes last, equals in the order of ids', (sort, order) => {
  expect(namesBy(sort)).toEqual(order);
});

test('a cursor belongs to its order', () => {
  const rows = fleet();
  const { nextCursor } = new FleetOrder(rows, readSort('cpu')).page([...rows.all()], 2, undefined);
  const again = (sort: string) => () => new FleetOrder(rows, readSort(sort)).page([...rows.all()], 2, nextCursor ?? '');
  expect(again('cpu')().rows).toHaveLength(2);
  expect(again('-cpu')).toThrow(expect.objectContaining({ code: 'bad-request' }));
  expect(again('name')).toThrow(expect.objectContaining({ code: 'bad-request' }));
});

test('the longest name leaves its cursor within what the API takes', () => {
  const rows = emptyFleet();
  for (const n of [1, 2]) rows.write(deviceNo(n, { name: '€'.repeat(253) }));
  const { nextCursor } = new FleetOrder(rows, readSort('-hostname')).page([...rows.all()], 1, undefined);
  const byName = new FleetOrder(rows, readSort('name')).page([...rows.all()], 1, undefined).nextCursor;
  expect(nextCursor?.length).toBeLessThan(800);
  expect(byName?.length).toBeLessThan(800);
});

type Change = { type: 'add' | 'remove' | 'rename'; device: number; name: string };
const change: fc.Arbitrary<Change> = fc.record({
  type: fc.constantFrom('add' as const, 'remove' as const, 'rename' as const),
  device: fc.nat(60),
  name: fc.constantFrom('a', 'b', 'c', 'm', 'x', 'z'),
});

test('under inserts, removals and changes between pages a row that kept its key is seen exactly once', () => {
  const run = (start: readonly string[], steps: readonly Change[][], sort: string, limit: number) => {
    const rows = emptyFleet();
    for (const [n, name] of start.entries()) rows.write(deviceNo(n, { name }));
    const kept = new Set(start.map((_, n) => idNo(n)));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 200; page += 1) {
      const order = new FleetOrder(rows, readSort(sort));
      const { rows: got, nextCursor } = order.page([...rows.all()], limit, cursor);
      seen.push(...got.map((row) => rows.texts.id.text[row] ?? ''));
      if (nextCursor === null) break;
      cursor = nextCursor;
      for (const { type, device, name } of steps[page] ?? []) {
        const id = idNo(device);
        const row = rows.rowOf(id);
        if (type === 'add' && row === undefined) rows.write(deviceNo(device, { name }));
        if (type === 'remove' && row !== undefined) rows.remove(row);
        if (type === 'rename' && row !== undefined) rows.write(deviceNo(device, { name }));
        if (type !== 'add') kept.delete(id);
      }
    }
    const times = new Map<string, number>();
    for (const id of seen) times.set(id, (times.get(id) ?? 0) + 1);
    for (const id of kept) expect(times.get(id), id).toBe(1);
  };
  const names = fc.array(fc.constantFrom('a', 'b', 'c', 'm', 'x', 'z'), { minLength: 1, maxLength: 40 });
  const steps = fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 20 });
  fc.assert(
    fc.property(names, steps, fc.constantFrom('name', '-name', '-added'), fc.integer({ min: 1, max: 9 }), run),
    { numRuns: 200 },
  );
});
