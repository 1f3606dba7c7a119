// Values keep their units, and what is of no place is the console's.
import { expect, test } from 'vitest';
import { aboutText, foundText, isOpen, placeText, valueText } from './incident-words.ts';

test.each([
  [0.953, 'ratio', '95.3%'],
  [95.3, '%', '95.30 %'],
  [4, 'jobs', '4 jobs'],
  [3, null, '3'],
  [null, '%', '– %'],
])('%s %s reads %s', (value, unit, text) => expect(valueText(value, unit)).toBe(text));

test('an incident is of a device, else of a relay, else of the console', () => {
  const none = { customerName: null, siteName: null, relayName: null, deviceName: null };
  expect(placeText({ ...none, siteName: 'Harbour', relayName: 'r1', deviceName: 'db-3' })).toBe('db-3, Harbour');
  expect(placeText({ ...none, siteName: 'Harbour', relayName: 'r1' })).toBe('r1, Harbour');
  expect(placeText(none)).toBe('The console itself');
});

test('an alert is open until it is resolved', () => {
  expect(
    ['triggered', 'active', 'acknowledged', 'resolved', 'archived'].map((state) => isOpen({ state } as never)),
  ).toEqual([true, true, true, false, false]);
  expect(aboutText({ checkName: 'Disk', instance: 'C:' })).toBe('Disk: C:');
  expect(aboutText({ checkName: 'Device is down', instance: '' })).toBe('Device is down');
});

test('what was found is said without the name it stands beside', () => {
  const disk = { checkName: 'Disk', instance: '/var' };
  expect(foundText('Disk (/var): 97 %', disk)).toBe('97 %');
  expect(foundText('Disk: 97 %', disk)).toBe('Disk: 97 %');
  expect(foundText('Disk: 97 %', { ...disk, instance: '' })).toBe('97 %');
});
