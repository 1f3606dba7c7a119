// What `rmm device show` says of the way to a device: whether the device proves who it is, above all.
import { expect, test } from 'vitest';
import type { DeviceDetail } from '#shared/contract/device-contract.ts';
import { wayPairs } from './device-way.ts';

type Way = NonNullable<DeviceDetail['way']>;

const WAY: Way = {
  ...{ transport: 'winrm', port: 5_986, auth: 'kerberos', seal: 'tls', detail: 'TLSv1.3' },
  ...{ since: 0, toldAt: 0 },
};
const NAMES = { credential: 'windows', spn: null, realm: 'EXAMPLE.TEST', share: null };
const reached = (way: Way | null) => wayPairs({ ...NAMES, way }, 60_000)[0]?.[1];

test.each<[Partial<Way>, string]>([
  [{}, 'winrm port 5986, Kerberos, TLS, the device proven by its certificate (TLSv1.3)'],
  [{ port: 5_985, seal: 'sealed', detail: null }, 'winrm port 5985, Kerberos, sealed, the device proven by Kerberos'],
  [{ port: 5_985, auth: 'ntlm', seal: 'sealed', detail: null }, 'winrm port 5985, NTLM, sealed, the device not proven'],
  [{ transport: 'local', port: null, auth: 'none', seal: 'none', detail: null }, 'local, no login, no network between'],
])('%j reads "%s"', (change, text) => expect(reached({ ...WAY, ...change })).toBe(text));

test('what was never reached says so, and names that are not set are left out', () => {
  expect(reached(null)).toBe('not yet');
  const named = wayPairs({ ...NAMES, way: null }, 0).filter(([, value]) => value !== '');
  expect(named.map(([name]) => name)).toEqual(['reached', 'credential', 'realm']);
});
