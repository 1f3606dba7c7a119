// Devices that stood differently before are taken back differently; what did not succeed is left alone.
import { expect, test } from 'vitest';
import { undoPlan } from './undo-plan.ts';

const said = (before: string) => `said: before ${before}, now something\n`;

test('devices that changed nothing are left out, and those that failed too', () => {
  const stop = { name: 'service.stop', arguments: { service: 'cron' } } as const;
  const plan = undoPlan(stop, [
    { deviceId: 'a', state: 'succeeded', stdout: said('active') },
    { deviceId: 'b', state: 'succeeded', stdout: said('inactive') },
    { deviceId: 'c', state: 'failed', stdout: said('active') },
    { deviceId: 'd', state: 'succeeded', stdout: said('active') },
    { deviceId: 'e', state: 'unknown', stdout: null },
  ]);
  expect(plan).toEqual([{ action: { ...stop, name: 'service.start' }, devices: ['a', 'd'] }]);
});

test('each former value of a registry is an order of its own', () => {
  const set = {
    name: 'registry.set',
    arguments: { key: 'HKLM\\X', value: 'V', kind: 'dword', data: '1' },
  } as const;
  const plan = undoPlan(set, [
    { deviceId: 'a', state: 'succeeded', stdout: 'former none\n' },
    { deviceId: 'b', state: 'succeeded', stdout: `former string ${btoa('x')}\n` },
    { deviceId: 'c', state: 'succeeded', stdout: 'former none\n' },
  ]);
  expect(plan.map(({ action, devices }) => [action.name, devices])).toEqual([
    ['registry.remove', ['a', 'c']],
    ['registry.set', ['b']],
  ]);
});

test('what has no way back has no plan', () => {
  const plan = undoPlan({ name: 'dns.flush', arguments: {} }, [{ deviceId: 'a', state: 'succeeded', stdout: '' }]);
  expect(plan).toEqual([]);
});
