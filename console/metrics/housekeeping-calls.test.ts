// Proves what the worker does to days for the jobs: closed, archived, forgotten by site, and checked.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SiteId } from '#shared/base/id.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { sealMadeDay, TEST_DAY } from '#test/fixtures/day-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { HOUSEKEEPING } from './housekeeping-calls.ts';
import type { CallContext } from './worker-call.ts';

const DAY = TEST_DAY;
const NOBODY = { everybody: false, but: [] };
const EVERYBODY = { everybody: true, but: [] };

function open() {
  const folder = tempFolder(onTestFinished);
  const store = new FileDayStore({ folder, onDamage: () => undefined });
  onTestFinished(() => store.stop());
  const made = sealMadeDay(store, { devices: 6, sites: 2, hours: 3 });
  const context: CallContext = { store, folder, signal: new AbortController().signal, giveWay: async () => undefined };
  const [one, two] = [...new Set(made.map(({ site }) => site))] as [SiteId, SiteId];
  const tiers = () => store.states().map(({ tier }) => tier);
  const rawOf = (site: SiteId) =>
    store
      .read(DAY)
      ?.devices()
      .filter((place) => place.site === site && (store.read(DAY)?.rawHours(place.device).length ?? 0) > 0).length;
  return { folder, store, context, one, two, tiers, rawOf };
}

test('a day is closed, archived, and reads the same afterwards', async () => {
  const { store, context, one, two, tiers, rawOf } = open();
  const before = store.read(DAY)?.devices();
  await HOUSEKEEPING.rollUp.run({ day: DAY }, context);
  expect(new Set(tiers())).toEqual(new Set(['days', 'raw']));
  const { raw } = await HOUSEKEEPING.states.run({}, context);
  expect(raw.bytes).toBeGreaterThan(0);
  await HOUSEKEEPING.archive.run({ day: DAY }, context);
  expect(tiers()).toEqual(['archive']);
  expect(store.read(DAY)?.devices()).toEqual(before);
  expect([rawOf(one), rawOf(two)]).toEqual([3, 3]);
});

test('raw values of everybody go by an unlink; totals stay', async () => {
  const { store, context, tiers } = open();
  await HOUSEKEEPING.rollUp.run({ day: DAY }, context);
  expect(await HOUSEKEEPING.retain.run({ day: DAY, raw: EVERYBODY, all: NOBODY }, context)).toBe('dropped');
  expect(tiers()).toEqual(['days']);
  expect(store.read(DAY)?.devices()).toHaveLength(6);
  expect(await HOUSEKEEPING.retain.run({ day: DAY, raw: EVERYBODY, all: NOBODY }, context)).toBe('kept');
});

test('a customer with a shorter time goes alone, and one with a longer time stays alone', async () => {
  for (const isShorter of [true, false]) {
    const { context, one, two, rawOf } = open();
    await HOUSEKEEPING.rollUp.run({ day: DAY }, context);
    const raw = isShorter ? { everybody: false, but: [one] } : { everybody: true, but: [two] };
    expect(await HOUSEKEEPING.retain.run({ day: DAY, raw, all: NOBODY }, context)).toBe('rewritten');
    expect([rawOf(one), rawOf(two)]).toEqual([0, 3]);
    expect(await HOUSEKEEPING.retain.run({ day: DAY, raw, all: NOBODY }, context)).toBe('kept');
  }
});

test('raw values go out of an archived day as well, and all of a site with its sums', async () => {
  const { store, context, one, two, tiers, rawOf } = open();
  await HOUSEKEEPING.archive.run({ day: DAY }, context);
  await HOUSEKEEPING.retain.run({ day: DAY, raw: EVERYBODY, all: NOBODY }, context);
  expect([tiers(), rawOf(one), rawOf(two)]).toEqual([['archive'], 0, 0]);
  const name = store.read(DAY)?.seriesOf(0)?.name ?? '';
  await HOUSEKEEPING.retain.run({ day: DAY, raw: EVERYBODY, all: { everybody: false, but: [one] } }, context);
  expect(
    store
      .read(DAY)
      ?.devices()
      .map(({ site }) => site),
  ).toEqual([two, two, two]);
  expect(store.read(DAY)?.site(one, name)).toBeUndefined();
  expect(await HOUSEKEEPING.retain.run({ day: DAY, raw: EVERYBODY, all: EVERYBODY }, context)).toBe('dropped');
  expect(tiers()).toEqual([]);
});

test('a changed byte is found with its device and hour, and the rest of the file stays readable', async () => {
  const { folder, store, context } = open();
  await HOUSEKEEPING.rollUp.run({ day: DAY }, context);
  expect(await HOUSEKEEPING.check.run({ day: DAY }, context)).toEqual([]);
  store.stop();
  const file = path.join(folder, 'raw', readdirSync(path.join(folder, 'raw'))[0] ?? '');
  const bytes = readFileSync(file);
  bytes[Math.floor(bytes.length / 3)] = (bytes[Math.floor(bytes.length / 3)] ?? 0) ^ 0x40;
  writeFileSync(file, bytes);
  const again = new FileDayStore({ folder, onDamage: () => undefined });
  onTestFinished(() => again.stop());
  const its = { ...context, store: again };
  const faults = await HOUSEKEEPING.check.run({ day: DAY }, its);
  expect(faults).toEqual([{ day: DAY, tier: 'raw', detail: expect.stringMatching(/chunk of .* hour/) }]);
  expect(again.read(DAY)?.devices()).toHaveLength(6);
});
