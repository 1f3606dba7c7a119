// A turned bit anywhere, and a file that ends too early: another answer never, an error that names it or the copy's answer.
import { copyFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { flipBits } from '#test/chaos/metric-flips.ts';
import { sealMadeDay, TEST_DAY } from '#test/fixtures/day-kit.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { dayFile } from './day-paths.ts';
import type { Tier } from './day-store.ts';
import { FileDayStore } from './file-day-store.ts';

test.each<[Tier[]]>([[['hours']], [['raw', 'days']], [['archive']]])('no turned bit in %s is believed', (tiers) => {
  const folder = tempFolder(onTestFinished);
  const report = flipBits({ folder, tiers, devices: 4, hours: 1, flips: 12, random: seededRandom(3) });
  expect(report).toMatchObject({ flips: 12, wrong: 0, firstWrong: undefined });
});

/** Turns every bit of what finds the rest, and reads a day whose values are all still there. */
test('the first page of an open day and its dictionary are whole again, whichever bit of them was turned', () => {
  const folder = tempFolder(onTestFinished);
  const first = new FileDayStore({ folder, onDamage: (text) => expect.fail(text) });
  const made = sealMadeDay(first, { devices: 2, hours: 1 });
  first.stop();
  const file = dayFile(folder, 'hours', TEST_DAY);
  const sound = readFileSync(file);
  for (let at = 0; at < 112; at += 6) {
    const bytes = Buffer.from(sound);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at & 7));
    writeFileSync(file, bytes);
    const store = new FileDayStore({ folder, onDamage: () => undefined });
    const reader = store.read(TEST_DAY);
    for (const { device, hour, data } of made) expect(reader?.raw(device, hour)).toEqual(data);
    store.stop();
  }
});

test.each<[Tier[]]>([[['hours']], [['raw', 'days']], [['archive']]])(
  'a file of %s that ends too early is told of',
  (tiers) => {
    const folder = tempFolder(onTestFinished);
    const source = path.join(folder, 'source');
    const store = new FileDayStore({ folder: source, onDamage: (text) => expect.fail(text) });
    const made = sealMadeDay(store, { devices: 3, hours: 2 });
    const works = [tiers.includes('days') ? store.rollUp(TEST_DAY) : undefined];
    if (tiers.includes('archive')) works.push(store.archive(TEST_DAY));
    for (const work of works) while (work !== undefined && work.next().done !== true);
    store.stop();
    for (const tier of tiers)
      for (const share of [0, 0.1, 0.5, 0.9, 0.999]) {
        const copy = path.join(folder, `${tier}-${share}`);
        for (const one of tiers) {
          mkdirSync(path.join(copy, one), { recursive: true });
          copyFileSync(dayFile(source, one, TEST_DAY), dayFile(copy, one, TEST_DAY));
        }
        const file = dayFile(copy, tier, TEST_DAY);
        truncateSync(file, Math.floor(statSync(file).size * share));
        const told: string[] = [];
        const cut = new FileDayStore({ folder: copy, onDamage: (text) => told.push(text) });
        const reader = cut.read(TEST_DAY);
        for (const { device, hour, data } of made)
          try {
            const said = reader?.raw(device, hour);
            if (said !== undefined) expect(said).toEqual(data);
            else expect(told).not.toEqual([]);
          } catch (error) {
            expect(error).toMatchObject({ code: 'frame-malformed' });
          }
        cut.stop();
      }
  },
);
