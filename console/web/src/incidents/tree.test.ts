// A switch stands above what hangs on it, and a circle loses nobody.
import { expect, test } from 'vitest';
import type { Alert } from './incidents-data.ts';
import { type Branch, countBelow, openBelow, treeOf } from './tree.ts';

const alert = (deviceId: string | null, more: Partial<Record<keyof Alert, unknown>> = {}): Alert =>
  // Only what a tree looks at.
  ({
    deviceId,
    deviceName: deviceId,
    relayId: 'r1',
    relayName: 'r1',
    siteId: 's1',
    siteName: 's1',
    because: null,
    isRoot: false,
    state: 'active',
    ...more,
  }) as unknown as Alert;

const drawn = (branches: readonly Branch[]): unknown[] =>
  branches.map(({ name, below }) => (below.length === 0 ? name : [name, ...drawn(below)]));

test('devices hang on their switch, and what hangs on them below it', () => {
  const tree = treeOf([
    alert('switch', { isRoot: true }),
    alert('server', { because: 'switch' }),
    alert('guest', { because: 'server', state: 'resolved' }),
    alert('printer', { because: 'switch' }),
    alert('printer', { because: 'switch' }),
  ]);
  expect(drawn(tree)).toEqual([['switch', ['server', 'guest'], 'printer']]);
  const [top] = tree;
  if (top === undefined) throw new Error('no tree');
  expect([countBelow(top), openBelow(top)]).toEqual([3, 2]);
});

test('below a silent relay stands all else of its incident', () => {
  const tree = treeOf([alert(null, { isRoot: true }), alert('a'), alert('b', { because: 'elsewhere' })]);
  expect(drawn(tree)).toEqual([['r1', 'a', 'b']]);
});

test.each([
  [
    [alert('a', { because: 'b' }), alert('b', { because: 'a' })],
    ['a', 'b'],
  ],
  [[alert('a', { because: 'a' })], ['a']],
  [[], []],
])('nothing is lost in a circle', (alerts, tops) => expect(drawn(treeOf(alerts))).toEqual(tops));

test('a circle that hangs below a device stays apart from it', () => {
  const tree = treeOf([alert('c', { because: 'a' }), alert('a', { because: 'b' }), alert('b', { because: 'a' })]);
  expect(drawn(tree)).toEqual([['a', 'c'], 'b']);
});
