// Proves the counts and the columns of a fleet against its rows.
import { expect, test } from 'vitest';
import { DeviceColumns, LATER_COLUMNS } from '#shared/contract/device-columns.ts';
import { emptyGlance } from '#shared/model/glance.ts';
import { deviceNo, emptyFleet, idNo, OTHER_SITE, tellFacts } from '#test/fixtures/fleet-kit.ts';
import { columnsOf } from './fleet-columns.ts';
import { facetsOf } from './fleet-facets.ts';
import { GroupMembers } from './group-members.ts';

const GROUP = '01900000-0000-7000-8000-00000000dddd';

function fleet() {
  const rows = emptyFleet();
  rows.write(deviceNo(1, { tags: ['a', 'b'] }));
  rows.write(deviceNo(2, { tags: ['b'], siteId: OTHER_SITE, status: 'down' }));
  const { row } = rows.write(deviceNo(3, { tags: ['a', 'b'], port: 22 }));
  rows.write(deviceNo(4, { tags: ['gone'] }));
  rows.remove(rows.rowOf(idNo(4)) ?? -1);
  tellFacts(rows, row, { os: { prettyName: 'Debian 12' }, hardware: { chassisType: 23 } });
  rows.writeGlance(row, 77, { ...emptyGlance(), cpu: 0.123_456, disk: 0.5, mount: '/var' });
  const members = new GroupMembers(rows);
  members.replace([{ id: GROUP, name: 'B', kind: 'rule', rule: 'tag:b status:up', parentId: null }]);
  members.refresh(rows.all(), 'all', 0, () => undefined);
  return { rows, groups: members.groups };
}

test('counts of a whole list, the most first', () => {
  const { rows, groups } = fleet();
  const count = (value: string, devices: number, label = value) => ({ value, label, devices });
  const facets = facetsOf(rows, groups, [...rows.all()]);
  expect(facets).toMatchObject({
    total: 3,
    status: [count('up', 2), count('down', 1)],
    tag: [count('b', 3), count('a', 2)],
    type: [count('unknown', 2), count('server', 1)],
    system: [count('linux', 3)],
    group: [count(GROUP, 2, 'B')],
    customer: [{ label: 'Acme', devices: 3 }],
    site: [
      { label: 'Berlin', devices: 2 },
      { label: 'Paris', devices: 1 },
    ],
  });
});

test('columns hold every row once, repeated texts once, and fit the contract', () => {
  const { rows, groups } = fleet();
  const columns = DeviceColumns.parse(columnsOf({ rows, groups, found: [...rows.all()], now: 99 }));
  const third = columns.id.indexOf(DeviceColumns.shape.id.element.parse(idNo(3)));
  const word = (place: number | undefined) => columns.words[place ?? -1];
  expect(columns.id).toHaveLength(3);
  expect(columns.tagSets).toEqual([['a', 'b'], ['b']]);
  expect(columns.groupSet.map((set) => columns.groupSets[set])).toEqual([[0], [], [0]]);
  expect(columns.site.map((place) => columns.sites[place]?.name)).toEqual(['Berlin', 'Paris', 'Berlin']);
  expect(columns.status.map(word)).toEqual(['up', 'down', 'up']);
  expect([word(columns.os[third]), word(columns.type[third]), word(columns.mount[third])]).toEqual([
    'Debian 12',
    'server',
    '/var',
  ]);
  expect([columns.cpu[third], columns.memory[third], columns.polledAt[third], columns.port[third]]).toEqual([
    0.123,
    null,
    77,
    22,
  ]);
  expect(columns.os[0]).toBe(-1);
  expect(columns.relay).toEqual([-1, -1, -1]);
  for (const [name, list] of Object.entries(columns))
    if (Array.isArray(list) && !['sites', 'relays', 'groups', 'words', 'tagSets', 'groupSets'].includes(name))
      expect(list, name).toHaveLength(3);
});

test('readings can come later, and fit the rows that were told first', () => {
  const { rows, groups } = fleet();
  const found = [...rows.all()];
  const [whole, told, read] = ([undefined, 'later', 'alone'] as const).map((part) =>
    DeviceColumns.parse(columnsOf({ rows, groups, found, now: 99, ...(part && { part }) })),
  );
  for (const name of LATER_COLUMNS) expect([name, told?.[name], read?.[name].length]).toEqual([name, [], 3]);
  expect(told).toMatchObject({ id: whole?.id, status: whole?.status, tagSets: whole?.tagSets, rows: whole?.rows });
  expect([read?.id, read?.words, read?.tagSets, read?.groups]).toEqual([[], ['Debian 12', '/var'], [], []]);
  expect(read?.mount.map((place) => read.words[place] ?? '')).toContain('/var');
  expect(told?.words).not.toContain('/var');
  expect(read).toMatchObject({ cpu: whole?.cpu, addedAt: whole?.addedAt, rows: whole?.rows });
  const fewer = columnsOf({ rows, groups, found: found.slice(1), now: 99, part: 'alone' });
  expect(fewer.rows).not.toBe(whole?.rows);
});
