// Which devices the overview names, and in which order.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import { badnessOf, type Candidate, worstDevice } from './worst-devices.ts';

const id = DeviceId.parse('01890000-0000-7000-8000-000000000001');
const calm: Candidate = {
  id,
  name: '',
  siteName: 'Berlin',
  status: 'up',
  statusAt: 1,
  disk: 0.5,
  memory: 0.5,
  cpu: 0.5,
  mount: '/',
};
const device = (name: string, over: Partial<Candidate>): Candidate => ({ ...calm, name, ...over });
const names = (...devices: Candidate[]) =>
  devices
    .filter((one) => badnessOf(one) > 0)
    .sort((a, b) => badnessOf(b) - badnessOf(a))
    .map(({ name }) => name);

test('who is down stands first, the longest before the others, then who is another machine', () => {
  expect(
    names(
      device('full', { disk: 1 }),
      device('other', { status: 'identity-changed', statusAt: 1 }),
      device('late', { status: 'down', statusAt: 20 }),
      device('never', { status: 'down', statusAt: Number.NaN }),
      device('early', { status: 'down', statusAt: 10 }),
    ),
  ).toEqual(['never', 'early', 'late', 'other', 'full']);
});

test('what fills up outweighs what is busy, and the fuller stands first', () => {
  expect(
    names(
      device('busy', { cpu: 1 }),
      device('tight', { memory: 0.96 }),
      device('fuller', { disk: 0.99 }),
      device('full', { disk: 0.9, cpu: 1 }),
    ),
  ).toEqual(['fuller', 'full', 'tight', 'busy']);
});

test.each([
  ['disk', 0.9],
  ['memory', 0.95],
  ['cpu', 0.95],
] as const)('%s counts from %d on', (field, line) => {
  expect(names(device('on', { [field]: line }), device('below', { [field]: line - 0.001 }))).toEqual(['on']);
});

test('each reading over its line is named, with the place of the disk; of a device that is down nothing is known', () => {
  const [up, down] = [device('up', { disk: 0.95, cpu: 1, mount: '/var' }), device('d', { status: 'down', disk: 1 })];
  expect(worstDevice(up).readings).toEqual([
    { field: 'cpu', value: 1, where: null },
    { field: 'disk', value: 0.95, where: '/var' },
  ]);
  expect(worstDevice(down)).toMatchObject({ readings: [], statusAt: 1 });
});

test('unknown readings and devices nobody has tried are no trouble', () => {
  const unknown = { disk: Number.NaN, memory: Number.NaN, cpu: Number.NaN };
  expect(names(device('new', { status: 'unknown', ...unknown }), device('blind', unknown))).toEqual([]);
});
