// Before a tap everything that differs stands in a line: each check, each window, each way out of the site.
import { expect, test } from 'vitest';
import { DeviceId, LayerId, RouteId, SiteId, WindowId } from '#shared/base/id.ts';
import type { WatchDocument } from '#shared/model/watch-policy.ts';
import { changedLines, linesOf } from './document-lines.ts';

const id = (n: number) => `0190a000-0000-7000-8010-${String(n).padStart(12, '0')}`;
const layer = LayerId.parse(id(2));
const document: WatchDocument = {
  ...{ v: 1, kind: 'watch', sites: [SiteId.parse(id(1))], version: 3, at: 0 },
  layers: [
    {
      ...{ id: layer, name: 'servers', level: 'group', priority: 7, isEnforced: true, except: [DeviceId.parse(id(9))] },
      settings: { off: ['cpu.used'], presence: 'always-on', health: { good: 90, fair: 70 } },
    },
  ],
  windows: [
    {
      ...{ id: WindowId.parse(id(3)), name: 'nightly', startsAt: '2026-11-22T22:00:00', zone: 'UTC', layers: [layer] },
      ...{ rule: 'FREQ=DAILY', durationMs: 3_600_000, checks: ['disk.free'] },
    },
  ],
  routes: [
    {
      ...{ id: RouteId.parse(id(4)), name: 'on call', atLeast: 'critical', afterMs: 60_000 },
      mail: {
        host: 'mail.lan',
        port: 25,
        security: 'none',
        from: 'a@b.example',
        to: ['c@d.example'],
        credential: 'smtp',
      },
    },
  ],
};
const nameOf = (word: string) => (word === id(9) ? 'web-1' : word);
const lines = linesOf(document, nameOf);

test('all of a first document is new', () => {
  const changed = changedLines(undefined, lines);
  expect(changed.map(({ name }) => name)).toEqual([
    'Layer servers',
    'Layer servers: check cpu.used',
    'Layer servers: a silent device',
    'Layer servers: when a device is well',
    'Layer servers: passes over',
    'Window nightly',
    'Local route on call',
  ]);
  expect(changed.every(({ before }) => before === '–')).toBe(true);
  expect(changed[4]?.after).toBe('web-1');
  expect(changed[5]?.after).toContain('servers; disk.free');
  for (const word of ['mail.lan', '25', 'a@b.example', 'c@d.example', 'smtp'])
    expect(changed[6]?.after).toContain(word);
});

test('of two only what differs is told, to the last member', () => {
  expect(changedLines(lines, linesOf({ ...document, version: 4, at: 9 }, nameOf))).toEqual([]);
  const [route] = document.routes;
  if (route === undefined) throw new Error('no route');
  const moved = { ...document, routes: [{ ...route, mail: { ...route.mail, port: 587 } }], windows: [] };
  expect(changedLines(lines, linesOf(moved, nameOf)).map(({ name }) => name)).toEqual([
    'Window nightly',
    'Local route on call',
  ]);
});
