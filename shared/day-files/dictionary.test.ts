// The bounds of a day's dictionary.
import { expect, test } from 'vitest';
import type { DeviceId } from '#shared/base/id.ts';
import { siteNo } from '#test/fixtures/stream-kit.ts';
import { Dictionary, MAX_SITE_DEVICES } from './dictionary.ts';

test('a site that fills its room leaves that of others', () => {
  const dictionary = new Dictionary(20_000);
  for (let n = 0; n < MAX_SITE_DEVICES; n += 1) {
    const number = dictionary.nextPlace(siteNo(1));
    dictionary.addPlace(number, { device: `device-${n}` as DeviceId, site: siteNo(1) });
  }
  expect(() => dictionary.nextPlace(siteNo(1))).toThrow(/more than 32768 devices at site/);
  expect(dictionary.nextPlace(siteNo(2))).toBe(MAX_SITE_DEVICES);
});
