// A window comes through its form unchanged; what is typed wrongly is named by its field.
import { expect, test } from 'vitest';
import { DeviceId, LayerId, SiteId, WindowId } from '#shared/base/id.ts';
import type { MaintenanceWindow } from '#shared/model/watch-policy.ts';
import { faultsOf, formOf, type WindowForm, wishOf } from './window-form.ts';

const id = (n: number) => `0190a000-0000-7000-8010-${String(n).padStart(12, '0')}`;
const fresh = { customer: 'every', zone: 'Europe/Berlin' };
const window: MaintenanceWindow = {
  ...{
    id: WindowId.parse(id(1)),
    name: 'nightly',
    startsAt: '2026-11-22T22:00:00',
    zone: 'UTC',
    durationMs: 5_400_000,
  },
  ...{ rule: 'FREQ=MONTHLY;BYDAY=2TU', sites: [SiteId.parse(id(2))], layers: [LayerId.parse(id(3))] },
  ...{ devices: [DeviceId.parse(id(4))], checks: ['disk.free'] },
};

test.each([
  ['all of it', window],
  [
    'once, everywhere',
    { ...window, rule: undefined, sites: undefined, layers: undefined, devices: undefined, checks: undefined },
  ],
  ['each day', { ...window, rule: 'FREQ=DAILY' }],
])('%s', (_name, one) => {
  const said = Object.fromEntries(Object.entries(one).filter(([key, value]) => value !== undefined && key !== 'id'));
  // The members that are left out are those that a window may lack.
  expect(wishOf(formOf({ ...said, id: window.id } as MaintenanceWindow, fresh))).toEqual({
    kind: 'window',
    body: said,
  });
});

test('a new one begins in the zone of the place, and lacks a name and a begin', () => {
  const form = formOf(undefined, fresh);
  expect(form).toMatchObject({ zone: 'Europe/Berlin', repeat: 'once', minutes: '60' });
  expect(faultsOf(form)).toEqual({ name: 'noName', startsAt: 'badStart' });
});

test.each<[Partial<WindowForm>, string]>([
  [{ startsAt: '22.11.2026' }, 'startsAt'],
  [{ minutes: '0' }, 'minutes'],
  [{ minutes: 'x' }, 'minutes'],
  [{ repeat: 'own', rule: '' }, 'rule'],
  [{ checks: 'Disk Free' }, 'checks'],
])('%j is wrong in %s', (change, field) => {
  expect(Object.keys(faultsOf({ ...formOf(window, fresh), ...change }))).toEqual([field]);
});
