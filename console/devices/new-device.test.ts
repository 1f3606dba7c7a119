// Proves what a new device takes from its site, and what it does not.
import { expect, test } from 'vitest';
import { newId, RelayId } from '#shared/base/id.ts';
import type { SiteDefaults } from '#shared/model/site.ts';
import { completeDevice, type NewDevice } from './new-device.ts';

const relayId = RelayId.parse(newId(1));
const wish = { relayId, name: 'a', address: 'a.test' };
const defaults: SiteDefaults = { port: 2222, credential: 'root', intervalMs: 30_000, tags: ['new'] };
const inherited = { transport: 'ssh', port: 2222, credential: 'root', intervalMs: 30_000, tags: ['new'] };

test.each<[string, Partial<NewDevice>, SiteDefaults, object]>([
  ['nothing anywhere', {}, {}, { transport: 'ssh', port: null, credential: null, intervalMs: 60_000, tags: [] }],
  ['a silent wish', {}, defaults, inherited],
  ['a wish that speaks', { port: 22, tags: [] }, defaults, { ...inherited, port: 22, tags: [] }],
  ['none is a wish too', { port: null, credential: null }, defaults, { ...inherited, port: null, credential: null }],
  [
    'another transport than the usual one',
    { transport: 'local' },
    defaults,
    { ...inherited, transport: 'local', port: null, credential: null },
  ],
  ['the usual one is of the site', {}, { ...defaults, transport: 'local' }, { ...inherited, transport: 'local' }],
  ['a tag named twice', { tags: ['x', 'x'] }, {}, { tags: ['x'] }],
])('%s', (_what, more, given, expected) => {
  expect(completeDevice({ ...wish, ...more }, given)).toMatchObject(expected);
});
