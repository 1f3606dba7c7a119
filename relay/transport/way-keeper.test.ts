// The floor of a device: it rises, is never gone below, and losing it is told once.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { StoredDevicePins } from '#relay/pin/device-pins.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import type { SessionWay } from './transport.ts';
import { type LostWay, WayKeeper } from './way-keeper.ts';

const entry: RosterEntry = {
  device: sampleDevice(1),
  name: 'fs01',
  transport: 'winrm',
  address: '10.0.0.5',
  intervalMs: 60_000,
};
const TLS: SessionWay = { transport: 'winrm', port: 5986, auth: 'ntlm', seal: 'tls' };
const KERBEROS: SessionWay = { transport: 'winrm', port: 5985, auth: 'kerberos', seal: 'sealed' };
const NTLM: SessionWay = { transport: 'winrm', port: 5985, auth: 'ntlm', seal: 'sealed' };

function setUp() {
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'));
  let pins = new StoredDevicePins(data);
  onTestFinished(() => pins.stop());
  const told: SessionWay[] = [];
  const lost: LostWay[] = [];
  const keeperOf = () =>
    new WayKeeper({ store: pins, pins, onWay: (_, way) => told.push(way), onLost: (one) => lost.push(one) });
  let keeper = keeperOf();
  const restart = () => {
    pins.stop();
    pins = new StoredDevicePins(data);
    keeper = keeperOf();
  };
  return { told, lost, restart, keeper: () => keeper, pins: () => pins };
}

test('the first way is the floor, over restarts; a stronger one raises it and each change is told once', () => {
  const { keeper, told, restart } = setUp();
  expect(keeper().reached(entry, NTLM)).toBeUndefined();
  restart();
  expect(keeper().reached(entry, NTLM)).toBeUndefined();
  expect(told).toEqual([NTLM]);
  expect(keeper().reached(entry, TLS)).toBeUndefined();
  restart();
  expect([NTLM, TLS].map((way) => keeper().isAllowed(entry, way))).toEqual([false, true]);
  expect(told).toEqual([NTLM, TLS]);
});

test('a weaker way is refused in words and told once, until the device is reached again', () => {
  const { keeper, told, lost } = setUp();
  keeper().reached(entry, TLS);
  const failure = keeper().lost(entry, '5986 is closed');
  expect(failure).toEqual({
    ok: false,
    reason: 'refused',
    detail: 'fs01: 5986 is closed; this device was last reached over TLS with NTLM: not tried over anything weaker',
  });
  expect(keeper().reached(entry, NTLM)).toMatchObject({ ok: false, reason: 'refused' });
  const [one] = lost;
  expect(lost).toHaveLength(1);
  expect(one?.detail.startsWith(failure.detail)).toBe(true);
  expect(one?.detail).toContain(
    'Make it answer as before, or have a signer accept the machine anew: rmm device accept fs01',
  );
  keeper().reached(entry, TLS);
  keeper().lost(entry, '5986 is closed');
  expect(lost).toHaveLength(2);
  expect(told).toEqual([TLS]);
});

test.each([
  [TLS, KERBEROS],
  [KERBEROS, NTLM],
  [KERBEROS, TLS],
])('neither seal nor proof is traded for the other: from %j to %j is a loss', (floor, way) => {
  const { keeper } = setUp();
  keeper().reached(entry, floor);
  expect(keeper().isAllowed(entry, way)).toBe(false);
});

test('a signer who names the machine anew forgets the floor; a pinned key alone asks for that key', () => {
  const { keeper, pins } = setUp();
  keeper().reached(entry, TLS);
  pins().set(entry.device, { macs: [], serial: 'one' }, 'signer');
  expect(keeper().isAllowed(entry, NTLM)).toBe(true);
  pins().set(entry.device, { macs: [], hostKey: `SHA256:${'a'.repeat(43)}` }, 'signer');
  expect([NTLM, TLS].map((way) => keeper().isAllowed(entry, way))).toEqual([false, true]);
});
