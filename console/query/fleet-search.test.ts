// Proves what search finds, in which order, and what it says of the match.
import { expect, test } from 'vitest';
import { deviceNo, emptyFleet, OTHER_SITE, tellFacts } from '#test/fixtures/fleet-kit.ts';
import type { FleetRows } from './fleet-rows.ts';
import { searchFleet } from './fleet-search.ts';
import { GroupMembers } from './group-members.ts';

function fleet(): FleetRows {
  const rows = emptyFleet();
  const add = (n: number, name: string, more: Parameters<typeof deviceNo>[1] = {}) =>
    rows.write(deviceNo(n, { name, ...more })).row;
  add(1, 'web-1', { tags: ['shop'] });
  add(2, 'web-10', { siteId: OTHER_SITE, hostname: 'w10.example.org' });
  add(3, 'db', { address: 'web-db.example.org', identitySerial: 'ABC-77' });
  add(4, 'old-web-1');
  add(5, 'berlin-gate', { siteId: OTHER_SITE });
  const desk = add(6, 'desk', { status: 'down' });
  tellFacts(rows, desk, {
    packages: { packages: [{ name: 'libweb-1' }, { name: 'nginx' }] },
    users: { users: [{ name: 'carol', uid: 1000 }] },
    network: { interfaces: [{ addresses: ['192.0.2.77/24'] }] },
  });
  return rows;
}

const parts = (rows: FleetRows, sees: (site: string) => boolean = () => true) => {
  const members = new GroupMembers(rows);
  members.replace([{ id: 'g', name: 'Web farm', kind: 'rule', rule: 'web', parentId: null }]);
  const isVisible = (row: number) => sees(rows.siteOf(row)?.id ?? '');
  return { rows, groups: members.groups, isVisible, isSiteVisible: sees, isRelayVisible: sees };
};
const found = (text: string, limit = 20) =>
  searchFleet(parts(fleet()), text, limit).hits.map(({ kind, name }) => `${kind} ${name}`);

test.each([
  // Exact, then beginnings (the few kinds first), then parts, then other fields, then packages.
  ['WEB-1', ['device web-1', 'device web-10', 'device old-web-1', 'device desk']],
  ['web', ['group Web farm', 'device web-1', 'device web-10', 'device old-web-1', 'device db', 'device desk']],
  ['berlin', ['site Berlin', 'device berlin-gate', 'device db', 'device desk', 'device old-web-1', 'device web-1']],
  ['acme', ['customer Acme']],
  ['shop', ['tag shop', 'device web-1']],
  ['nginx', ['device desk']],
  ['web paris', ['device web-10']],
  ['paris 10.0.0.5', ['device berlin-gate']],
  ['no such thing', []],
])('%j finds in this order', (text, names) => {
  expect(found(text)).toEqual(names);
});

test.each([
  ['abc-7', { field: 'serial', text: 'abc-77' }],
  ['carol', { field: 'user', text: 'carol' }],
  ['2.0.2.77'.slice(2), { field: 'address', text: '192.0.2.77' }],
  ['w10.ex', { field: 'hostname', text: 'w10.example.org' }],
  ['nginx', { field: 'software', text: 'nginx' }],
  ['desk', null],
  ['desk ngin', { field: 'software', text: 'nginx' }],
])('%j says what matched', (text, match) => {
  const [hit] = searchFleet(parts(fleet()), text, 1).hits;
  expect(hit?.match === null ? null : { ...hit?.match, text: hit?.match?.text.toLowerCase() }).toEqual(match);
});

test('a hit names its site and its state, and the total counts what the limit leaves out', () => {
  const { hits, total } = searchFleet(parts(fleet()), 'desk', 20);
  expect(hits).toEqual([
    { kind: 'device', id: expect.any(String), name: 'desk', place: 'Berlin', status: 'down', match: null },
  ]);
  expect(total).toBe(1);
  expect(searchFleet(parts(fleet()), 'web', 2)).toMatchObject({ hits: { length: 2 }, total: 6 });
});

test('nothing of a site that is not seen is found: no device, no tag, no name of it', () => {
  const sees = (site: string) => site === OTHER_SITE;
  const names = (text: string) => searchFleet(parts(fleet(), sees), text, 20).hits.map(({ name }) => name);
  expect(names('shop')).toEqual([]);
  expect(names('web-')).toEqual(['web-10']);
  expect(names('berlin')).toEqual(['berlin-gate']);
});

test('what a device is called anew is found, and what it was called is not', () => {
  const rows = fleet();
  const names = (text: string) => searchFleet(parts(rows), text, 20).hits.map(({ name }) => name);
  expect([names('old-web'), names('abc-77'), names('192.0.2')]).toEqual([['old-web-1'], ['db'], ['desk']]);
  rows.write(deviceNo(4, { name: 'renamed', hostname: 'first' }));
  rows.write(deviceNo(3, { name: 'db', identitySerial: 'XYZ-1' }));
  const row = (n: number) => rows.rowOf(deviceNo(n, {}).id) ?? -1;
  rows.writeHostname(row(4), 'second');
  tellFacts(rows, row(6), { network: { interfaces: [{ addresses: ['198.51.100.9/24'] }] } });
  expect([names('old-web'), names('abc-77'), names('192.0.2'), names('first')]).toEqual([[], [], [], []]);
  expect([names('renamed'), names('second'), names('xyz-1'), names('198.51')]).toEqual([
    ['renamed'],
    ['renamed'],
    ['db'],
    ['desk'],
  ]);
  rows.remove(row(4));
  expect(names('second')).toEqual([]);
});
