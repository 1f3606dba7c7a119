// What is said before an order is signed: devices counted by system and state, those it does not fit, and none that one does not see.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import { CATALOGUE_NAMES } from '#shared/model/actions/catalogue.ts';
import { catalogueEntries, orderPreview } from './order-preview.ts';

const id = (n: number) => DeviceId.parse(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);

const DEVICES = new Map<string, { system: string; status: string; relayId: string | null }>([
  [id(1), { system: 'linux', status: 'up', relayId: 'r' }],
  [id(2), { system: 'windows', status: 'down', relayId: 'r' }],
  [id(3), { system: 'unknown', status: 'unknown', relayId: null }],
]);

const services = {
  fleet: {
    settled: () => Promise.resolve(),
    device: (_: unknown, one: string) => DEVICES.get(one),
    selectOne: (_: unknown, one: string) => ({ ...DEVICES.get(one), siteId: 's' }),
  },
  policies: { inWindow: (asked: Array<{ id: DeviceId }>) => Promise.resolve(asked.slice(1).map((one) => one.id)) },
};

const preview = (action: string, devices: DeviceId[]) =>
  // The members that a preview asks.
  orderPreview(services as unknown as Parameters<typeof orderPreview>[0], { kind: 'all' } as never, {
    action,
    devices,
  });

test('devices are counted once each, and what one does not see is in nothing', async () => {
  expect(await preview('registry.set', [id(1), id(1), id(2), id(3), id(4)])).toEqual({
    devices: 3,
    systems: { linux: 1, windows: 1, unknown: 1 },
    statuses: { up: 1, down: 1, unknown: 1 },
    unfit: [id(1)],
    inWindow: [id(2)],
  });
});

test('a free command fits everything', async () => {
  expect((await preview('command.run', [id(1), id(2)])).unfit).toEqual([]);
});

test('the catalogue is told whole, with titles in both languages', () => {
  const entries = catalogueEntries();
  expect(entries.map(({ name }) => name)).toEqual(CATALOGUE_NAMES);
  expect(entries.find(({ name }) => name === 'process.kill')).toEqual({
    ...{ name: 'process.kill', tier: 't2', systems: ['linux', 'windows'], unproven: [], timeoutMs: 60_000 },
    titles: { en: 'End a process', de: 'Prozess beenden' },
    parameters: [
      { name: 'process', type: 'process', isOptional: false },
      { name: 'pid', type: 'process-id', isOptional: true },
    ],
  });
});
