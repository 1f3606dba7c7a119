// What a person signs of watching reads in plain lines: each number, each place and each way out of the site stands in them.
import { expect, test } from 'vitest';
import { LayerId, RouteId, SiteId, WindowId } from '#shared/base/id.ts';
import type { WatchDocument } from '#shared/model/watch-policy.ts';
import { watchDifference } from './watch-text.ts';

const id = (n: number) => `0190a000-0000-7000-8010-${String(n).padStart(12, '0')}`;
const site = SiteId.parse(id(1));
const layer = LayerId.parse(id(2));
const document: WatchDocument = {
  ...{ v: 1, kind: 'watch', sites: [site], version: 3, at: 0 },
  layers: [
    {
      ...{ id: layer, name: 'servers', level: 'group', priority: 7, isEnforced: true },
      settings: { off: ['cpu.used'], presence: 'always-on', health: { good: 90, fair: 70 } },
    },
  ],
  windows: [
    {
      ...{ id: WindowId.parse(id(3)), name: 'nightly', startsAt: '2026-11-22T22:00:00', zone: 'Europe/Berlin' },
      ...{ rule: 'FREQ=DAILY', durationMs: 5_400_000, layers: [layer], checks: ['disk.free'] },
    },
  ],
  routes: [
    {
      ...{ id: RouteId.parse(id(4)), name: 'on call', atLeast: 'critical', afterMs: 60_000 },
      mail: {
        host: 'mail.lan',
        port: 587,
        security: 'starttls',
        from: 'a@b.example',
        to: ['c@d.example'],
        credential: 'smtp',
      },
    },
  ],
};
const nameOf = (word: string) => (word === site ? 'Berlin' : word);

test('all of a first document is told, in words', () => {
  expect(watchDifference(undefined, document, nameOf)).toEqual([
    ['site Berlin', '-', 'yes'],
    [`layer servers ${layer}`, '-', 'of level group, priority 7, enforced'],
    [`layer servers ${layer} check cpu.used`, '-', 'turned off'],
    [`layer servers ${layer} presence`, '-', 'always-on'],
    [`layer servers ${layer} health`, '-', 'well from 90, fair from 70'],
    [
      `window nightly ${id(3)}`,
      '-',
      'from 2026-11-22T22:00:00 Europe/Berlin for 1 h 30 min, FREQ=DAILY: mutes disk.free of layer servers',
    ],
    [
      `local route on call ${id(4)}`,
      '-',
      'critical and worse, once the console is away for 1 min, mail from a@b.example to c@d.example over mail.lan:587 (starttls, login smtp)',
    ],
  ]);
});

test('of two only what differs is told, and what goes is a dash', () => {
  expect(watchDifference(document, { ...document, windows: [], version: 4 }, nameOf)).toEqual([
    [`window nightly ${id(3)}`, expect.stringContaining('mutes'), '-'],
  ]);
  expect(watchDifference(document, { ...document, version: 4, at: 9 }, nameOf)).toEqual([]);
});
