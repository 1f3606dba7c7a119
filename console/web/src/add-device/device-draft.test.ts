// What a site's defaults say stands in the form and is not sent; what somebody says is.
import { expect, test } from 'vitest';
import { EMPTY_DEVICE, isAddress, isInherited, missingIn, reachOf, wishOf, withTransport } from './device-draft.ts';

const defaults = { transport: 'ssh', port: 2222, credential: 'root', intervalMs: 30_000, tags: ['new'] } as const;

test('the form shows what the site says', () => {
  expect(reachOf({}, defaults)).toEqual({
    transport: 'ssh',
    port: '2222',
    credential: 'root',
    ...{ spn: '', realm: '', share: '' },
    intervalMs: '30000',
    tags: ['new'],
  });
  expect(isInherited('port', {}, defaults)).toBe(true);
  expect(isInherited('intervalMs', {}, {})).toBe(false);
});

test('port and login of the defaults do not go along with another transport', () => {
  const own = { transport: 'local' as const };
  expect(reachOf(own, defaults)).toMatchObject({ transport: 'local', port: '', credential: '', intervalMs: '30000' });
  expect(isInherited('port', own, defaults)).toBe(false);
});

test('realm and share of the defaults go to the transports that ask for them', () => {
  const windows = { ...defaults, realm: 'EXAMPLE.TEST', share: 'rmm$' };
  expect(reachOf({ transport: 'winrm' }, windows)).toMatchObject({ realm: 'EXAMPLE.TEST', share: '', port: '' });
  expect(reachOf({ transport: 'smb' }, windows)).toMatchObject({ realm: '', share: 'rmm$' });
  expect(isInherited('realm', { transport: 'winrm' }, windows)).toBe(true);
});

test('another transport leaves what the former one asked for behind, but the login', () => {
  const own = { transport: 'winrm', port: '5985', spn: 'HTTP/a', realm: 'A', credential: 'win' } as const;
  expect(withTransport(own, 'smb')).toEqual({ transport: 'smb', credential: 'win' });
});

test('nothing of the site is sent, and what was emptied is sent as none', () => {
  const draft = { ...EMPTY_DEVICE, name: ' web-1 ', address: '10.0.0.1' };
  expect(wishOf(draft, 'r1')).toEqual({ relayId: 'r1', name: 'web-1', address: '10.0.0.1' });
  const own = { port: '', credential: ' ', tags: [], intervalMs: '5000' };
  expect(wishOf({ ...draft, own }, 'r1')).toEqual({
    relayId: 'r1',
    name: 'web-1',
    address: '10.0.0.1',
    port: null,
    credential: null,
    tags: [],
    intervalMs: 5_000,
  });
});

test('a form without name, address or with an impossible port says which', () => {
  expect(missingIn({ ...EMPTY_DEVICE, own: { port: '70000' } })).toEqual(['name', 'address', 'port']);
  expect(missingIn({ ...EMPTY_DEVICE, name: 'a', address: 'b' })).toEqual([]);
});

test.each([
  ['10.0.0.1', true],
  ['fe80::1', true],
  ['web-1.example.net', true],
  ['-oProxyCommand', false],
  ['a b', false],
  ['', false],
])('"%s" can be looked at: %s', (text, is) => expect(isAddress(text)).toBe(is));
