// Proves that pins outlive the process and fit the transports' port.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DevicePins } from '#relay/transport/pin-store.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { StoredDevicePins } from './device-pins.ts';

test('a pin is there after a restart, a changed one has changed, a deleted one is gone', () => {
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'));
  const [a, b, c] = [sampleDevice(1), sampleDevice(2), sampleDevice(3)];
  const first = new StoredDevicePins(data);
  const port: DevicePins = first;
  for (const device of [a, b, c]) port.set(device, { macs: [], serial: 'one' });
  port.set(b, { macs: ['aa:bb:cc:dd:ee:ff'], serial: 'two' });
  port.delete(c);
  const seen = [a, b, c].map((device) => port.get(device));
  expect(seen).toEqual([{ macs: [], serial: 'one' }, { macs: ['aa:bb:cc:dd:ee:ff'], serial: 'two' }, undefined]);
  first.stop();
  const second = new StoredDevicePins(data);
  expect([a, b, c].map((device) => second.get(device))).toEqual(seen);
  second.stop();
});
