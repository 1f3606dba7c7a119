// Proves when maintenance windows are open, what they cover, and when that changes.
import { describe, expect, test } from 'vitest';
import { DeviceId, LayerId, SiteId, WindowId } from '#shared/base/id.ts';
import type { MaintenanceWindow } from '#shared/model/watch-policy.ts';
import { covers, WindowCalendar, windowFault, windowSpans } from './window.ts';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const SITE = SiteId.parse(id(1));
const DEVICE = DeviceId.parse(id(2));
const LAYER = LayerId.parse(id(3));
const OTHER_SITE = SiteId.parse(id(4));
const ABOUT = { site: SITE, device: DEVICE, layers: [LAYER], check: 'cpu.used' };
const HOUR = 3_600_000;
const utc = (text: string) => Date.parse(`${text}:00Z`);
const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString().slice(0, 16));

const window = (over: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  id: WindowId.parse(id(9)),
  name: 'Patch night',
  startsAt: '2026-01-01T01:00:00',
  zone: 'Europe/Berlin',
  rule: 'FREQ=DAILY',
  durationMs: 4 * HOUR,
  ...over,
});

const spans = (one: MaintenanceWindow, from: string, to: string) =>
  windowSpans(one, utc(from), utc(to)).map((span) => `${iso(span.from)} ${iso(span.to)}`);

describe('times', () => {
  test('a nightly window lasts as long as it says in the nights in which clocks change', () => {
    expect(spans(window(), '2026-03-27T12:00', '2026-03-30T12:00')).toEqual([
      '2026-03-28T00:00 2026-03-28T04:00',
      '2026-03-29T00:00 2026-03-29T04:00',
      '2026-03-29T23:00 2026-03-30T03:00',
    ]);
    expect(spans(window(), '2026-10-24T12:00', '2026-10-26T12:00')).toEqual([
      '2026-10-24T23:00 2026-10-25T03:00',
      '2026-10-26T00:00 2026-10-26T04:00',
    ]);
  });
  test('one that begins in the hour that is skipped begins an hour later on the clock, and is not left out', () => {
    const skipped = window({ startsAt: '2026-01-01T02:30:00', durationMs: HOUR });
    expect(spans(skipped, '2026-03-29T00:00', '2026-03-30T00:00')).toEqual(['2026-03-29T01:30 2026-03-29T02:30']);
  });
  test('one that begins in the hour that comes twice is there once', () => {
    const twice = window({ startsAt: '2026-01-01T02:30:00', durationMs: HOUR });
    expect(spans(twice, '2026-10-25T00:00', '2026-10-26T00:00')).toEqual(['2026-10-25T00:30 2026-10-25T01:30']);
  });
  test('one that began before is among those that touch a span, one that ends at its begin is not', () => {
    const once = window({ rule: undefined, startsAt: '2026-05-01T00:00:00', durationMs: 10 * HOUR });
    expect(spans(once, '2026-05-01T07:00', '2026-05-02T00:00')).toEqual(['2026-04-30T22:00 2026-05-01T08:00']);
    expect(spans(once, '2026-05-01T08:00', '2026-05-02T00:00')).toEqual([]);
  });
  test('no more than two thousand are named', () => {
    expect(windowSpans(window({ startsAt: '2000-01-01T00:00:00' }), 0, utc('2100-01-01T00:00'))).toHaveLength(2_000);
  });
});

test.each([
  [{ zone: 'Mars/Base' }, 'no time zone is called'],
  [{ startsAt: '2026-02-30T00:00:00' }, 'is no time from'],
  [{ startsAt: '1999-01-01T00:00:00' }, 'is no time from'],
  [{ rule: 'FREQ=HOURLY' }, 'FREQ must be one of'],
  [{ rule: 'FREQ=DAILY;UNTIL=20200101' }, 'has no single day'],
])('%j is refused and mutes nothing', (over, words) => {
  const bad = window(over);
  expect(windowFault(bad)).toContain(words);
  expect(windowSpans(bad, 0, utc('2030-01-01T00:00'))).toEqual([]);
  expect(new WindowCalendar([bad]).openAt(utc('2026-02-01T02:00'))).toEqual([]);
});

test.each<[string, Partial<MaintenanceWindow>, boolean]>([
  ['nothing named', {}, true],
  ['its site', { sites: [SITE] }, true],
  ['another site', { sites: [OTHER_SITE] }, false],
  ['another site, and the device itself', { sites: [OTHER_SITE], devices: [DEVICE] }, true],
  ['a layer that applies to it', { layers: [LAYER] }, true],
  ['no device at all', { devices: [] }, false],
  ['the check', { checks: ['cpu.used'] }, true],
  ['another check of its site', { sites: [SITE], checks: ['memory.used'] }, false],
])('a window that names %s: covered is %s', (_, over, isCovered) => {
  expect(covers(window(over), ABOUT)).toBe(isCovered);
});

describe('over time', () => {
  test('changes come one after the other, and openness holds from one to the next', () => {
    const calendar = new WindowCalendar([
      window(),
      window({
        id: WindowId.parse(id(10)),
        startsAt: '2026-01-02T03:00:00',
        rule: 'FREQ=WEEKLY;COUNT=2',
        durationMs: 12 * HOUR,
      }),
    ]);
    const seen: string[] = [];
    let at: number | undefined = utc('2026-01-08T12:00');
    for (let step = 0; step < 6 && at !== undefined; step += 1) {
      at = calendar.nextChange(at);
      if (at !== undefined) seen.push(`${iso(at)} ${calendar.openAt(at).length}`);
    }
    expect(seen).toEqual([
      '2026-01-09T00:00 1',
      '2026-01-09T02:00 2',
      '2026-01-09T04:00 1',
      '2026-01-09T14:00 0',
      '2026-01-10T00:00 1',
      '2026-01-10T04:00 0',
    ]);
  });
  test('the one that ends last is named, and only one that covers', () => {
    const long = window({ id: WindowId.parse(id(10)), durationMs: 8 * HOUR, sites: [SITE] });
    const longest = window({ id: WindowId.parse(id(11)), durationMs: 9 * HOUR, sites: [OTHER_SITE] });
    const calendar = new WindowCalendar([window(), longest, long]);
    expect(calendar.muting(ABOUT, utc('2026-02-01T01:00'))?.id).toBe(long.id);
    expect(calendar.muting(ABOUT, utc('2026-02-01T07:59'))?.id).toBe(long.id);
    expect(calendar.muting(ABOUT, utc('2026-02-01T08:00'))).toBeUndefined();
  });
  test('a clock that goes back is answered by the time that it shows', () => {
    const calendar = new WindowCalendar([window()]);
    expect(calendar.openAt(utc('2026-02-02T01:00'))).toHaveLength(1);
    expect(calendar.openAt(utc('2026-02-01T12:00'))).toHaveLength(0);
    expect(calendar.openAt(utc('2026-02-01T01:00'))).toHaveLength(1);
  });
  test('one that overlaps itself stays open without a gap', () => {
    const calendar = new WindowCalendar([window({ durationMs: 30 * HOUR })]);
    for (let at = utc('2026-03-20T00:00'); at < utc('2026-04-10T00:00'); at += HOUR)
      expect(calendar.openAt(at), iso(at)).toHaveLength(1);
  });
  test('after the last one nothing changes any more', () => {
    const calendar = new WindowCalendar([window({ rule: undefined })]);
    expect(iso(calendar.nextChange(utc('2025-12-31T00:00')))).toBe('2026-01-01T00:00');
    expect(calendar.nextChange(utc('2026-01-01T04:00'))).toBeUndefined();
    expect(new WindowCalendar([]).nextChange(0)).toBeUndefined();
  });
});
