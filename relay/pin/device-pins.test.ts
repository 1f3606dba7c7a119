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

test("whose word a host key is outlives the process: only a signed order makes it a signer's", () => {
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'));
  const [a, b, c, d] = [sampleDevice(1), sampleDevice(2), sampleDevice(3), sampleDevice(4)];
  const devices = [a, b, c, d, sampleDevice(5)];
  const first = new StoredDevicePins(data);
  first.set(a, { macs: [], hostKey: 'SHA256:a' });
  first.set(b, { macs: [], hostKey: 'SHA256:b' }, 'signer');
  // Signed without a key; the one that came later is of first use.
  first.set(c, { macs: [], serial: 'cc' }, 'signer');
  first.set(c, { macs: [], serial: 'cc', hostKey: 'SHA256:c' });
  // More became known of a signed machine; its key is the same.
  first.set(d, { macs: [], hostKey: 'SHA256:d' }, 'signer');
  first.set(d, { macs: [], hostKey: 'SHA256:d', serial: 'dd' });
  const words = devices.map((device) => first.hostKeyPin(device).by);
  expect(words).toEqual(['first-use', 'signer', 'first-use', 'signer', 'nobody']);
  first.stop();
  const second = new StoredDevicePins(data);
  expect(devices.map((device) => second.hostKeyPin(device).by)).toEqual(words);
  second.set(b, { macs: [], hostKey: 'SHA256:else' });
  second.delete(d);
  second.set(d, { macs: [], hostKey: 'SHA256:d' });
  expect([b, d].map((device) => second.hostKeyPin(device).by)).toEqual(['first-use', 'first-use']);
  second.stop();
});
