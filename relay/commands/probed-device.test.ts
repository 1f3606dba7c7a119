// A look takes the pin of the very machine that is looked at.
import { expect, test } from 'vitest';
import type { RosterEntry } from '#shared/model/device.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { probedDevice } from './probed-device.ts';

const one = (name: string, more: Partial<RosterEntry> = {}): RosterEntry => ({
  device: sampleDevice(name.length),
  name,
  transport: 'winrm',
  address: '192.0.2.1',
  intervalMs: 60_000,
  ...more,
});
const ROSTER = [
  one('forwarded', { port: 15_986 }),
  one('also forwarded', { port: 25_986 }),
  one('usual'),
  one('linux', { transport: 'ssh', address: '192.0.2.2' }),
];

test.each<[string, number | undefined, string | undefined]>([
  ['192.0.2.1', undefined, 'usual'],
  ['192.0.2.1', 5_986, 'usual'],
  ['192.0.2.1', 5_985, 'usual'],
  ['192.0.2.1', 15_986, 'forwarded'],
  ['192.0.2.1', 25_986, 'also forwarded'],
  ['192.0.2.1', 35_986, undefined],
  ['192.0.2.2', undefined, undefined],
  ['192.0.2.9', undefined, undefined],
  ['also forwarded', undefined, 'also forwarded'],
])('%s at port %s is %s', (address, port, name) => {
  expect(probedDevice(ROSTER, { address, port })?.name).toBe(name);
});
