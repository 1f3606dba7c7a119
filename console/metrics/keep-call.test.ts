// Proves that what a relay sealed is here afterwards to the value, once, whatever the numbers of both sides, and that no byte is trusted.
import { expect, onTestFinished, test } from 'vitest';
import { tellChunks, tellCoverage } from '#relay/history/tell-history.ts';
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DayStore } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { HourRows, numberingOf } from '#shared/day-files/hour-rows.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { HOUR, pollNo, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { coverageOf, keepPart } from './keep-call.ts';
import { type HourChunks, packKeep } from './keep-part.ts';
import { LastRows } from './last-rows.ts';
import { SealHour, type ToldHour } from './seal-hour.ts';
import type { CallContext } from './worker-call.ts';

const DAY = Math.floor(HOUR / 24);
const RELAY = relayNo(1);
const SITE = siteNo(1);
const DEVICES = 12;

function openStore(): FileDayStore {
  const store = new FileDayStore({ folder: tempFolder(onTestFinished), onDamage: () => undefined });
  onTestFinished(() => store.stop());
  return store;
}

function mixOf(hour: number): PollRecord[] {
  const sweeps = pollsOfMix({ devices: DEVICES, columns: 30, seed: 4, from: hour * HOUR_MS });
  return Array.from({ length: 60 }, () => sweeps.next().value ?? []).flat();
}

/** As frames of polls come to it. */
function toldOf(polls: readonly PollRecord[], relay = RELAY): ToldHour[] {
  const byDevice = new Map<string, HourRows>();
  for (const poll of polls) {
    const rows = byDevice.get(poll.device) ?? new HourRows();
    byDevice.set(poll.device, rows);
    rows.add(poll);
  }
  return [...byDevice].map(([device, rows]) => ({
    relay,
    device: device as ToldHour['device'], // the keys are devices of polls
    values: rows.values,
    hour: (dictionary, writer) => rows.hour((list) => dictionary.numbering(list, writer)),
  }));
}

async function seal(store: FileDayStore, hour: number, polls: readonly PollRecord[]): Promise<void> {
  const context = { store, lastRows: new LastRows(), giveWay: () => Promise.resolve() };
  const sealed = new SealHour(SITE, hour, context);
  await sealed.keep(toldOf(polls));
  await sealed.finish();
}

/** A relay's day files with these polls. */
async function relayStore(polls: readonly PollRecord[], hour = HOUR): Promise<FileDayStore> {
  const store = openStore();
  await seal(store, hour, polls);
  return store;
}

const context = (store: FileDayStore): CallContext => ({
  store,
  folder: '',
  signal: new AbortController().signal,
  giveWay: () => Promise.resolve(),
});

/** What a console keeps of what the relay tells, in answers of a few kilobytes. */
async function refill(from: DayStore, into: FileDayStore, change: (part: HourChunks) => HourChunks = (part) => part) {
  const span = { from: HOUR, to: HOUR + 1 };
  const [claim] = tellCoverage(from, { kind: 'coverage', ask: 1, ...span }).hours;
  const sum = { devices: 0, samples: 0, undecodable: 0 };
  let isFirst = true;
  let next: ReturnType<typeof tellChunks>['next'];
  do {
    const cursor = next === undefined ? {} : { after: next };
    const answer = tellChunks(from, { kind: 'chunks', ask: 2, ...span, maxBytes: 8_192, ...cursor }, () => undefined);
    next = answer.next;
    const told = { relay: RELAY, site: SITE, hour: HOUR, series: answer.series, chunks: answer.chunks, isFirst };
    const { part } = packKeep(change({ ...told, claim: next === undefined ? claim : undefined }));
    const kept = await keepPart(part, context(into));
    sum.devices += kept.devices;
    sum.samples += kept.samples;
    sum.undecodable = kept.undecodable;
    isFirst = false;
  } while (next !== undefined);
  return sum;
}

/** Everything the store says of the hour, in words: numbers of dictionaries are its own. */
function wordsOf(store: DayStore, hour = HOUR): string[] {
  const reader = store.read(DAY);
  const lines: string[] = [];
  for (const { device } of reader?.devices() ?? []) {
    const data = reader?.raw(device, hour);
    const rows = data?.times.length ?? 0;
    for (const [i, value] of (data?.values ?? []).entries()) {
      if (Number.isNaN(value)) continue;
      const series = reader?.seriesOf(data?.series[Math.floor(i / rows)] ?? -1);
      lines.push(`${device} ${data?.times[i % rows]} ${series?.name} ${series?.instance} ${value}`);
    }
    for (const [number, line] of reader?.totals(device) ?? []) {
      const { name, instance } = reader?.seriesOf(number) ?? {};
      const at = line.hours.indexOf(hour);
      lines.push(`${device} ${name} ${instance} ${line.count[at]} ${line.min[at]} ${line.max[at]} ${line.sum[at]}`);
    }
  }
  const users = reader?.site(SITE, 'memory.available');
  return [...lines.sort((a, b) => (a < b ? -1 : 1)), `${users?.count} ${users?.sum}`];
}

test('an hour that only the relay has is here afterwards: values, totals, sums of the site, coverage', async () => {
  const polls = mixOf(HOUR);
  const relay = await relayStore(polls);
  const [console_, own] = [openStore(), await relayStore(polls)];
  const sum = await refill(relay, console_);
  expect(sum).toMatchObject({ devices: DEVICES, undecodable: 0 });
  expect(wordsOf(console_)).toEqual(wordsOf(own));
  const kept = await coverageOf({ relay: RELAY, from: HOUR, to: HOUR + 1 }, context(console_));
  expect(kept).toEqual([{ hour: HOUR, devices: DEVICES, samples: sum.samples }]);
  expect(await coverageOf({ relay: relayNo(2), from: HOUR, to: HOUR + 1 }, context(console_))).toEqual([]);

  expect(await refill(relay, console_)).toMatchObject({ samples: 0 });
  expect(wordsOf(console_)).toEqual(wordsOf(own));
});

test('chunks of an empty day are kept byte for byte', async () => {
  const relay = await relayStore(mixOf(HOUR));
  const console_ = openStore();
  await refill(relay, console_);
  for (const { device } of relay.read(DAY)?.devices() ?? [])
    expect(console_.read(DAY)?.chunk(device, HOUR)).toEqual(relay.read(DAY)?.chunk(device, HOUR));
});

test.each(['other numbers in the same order', 'another order'])(
  'where the day has %s the values follow their series',
  async (how) => {
    const polls = mixOf(HOUR);
    const relay = await relayStore(polls);
    const console_ = openStore();
    const list = [...(polls[0]?.series ?? [])];
    console_.write(DAY, (writer) => {
      writer.numberOf({ ...storedSeries({ metric: 30, instance: '/before' }) });
      if (how === 'another order') numberingOf(list.toReversed(), (one) => writer.numberOf(storedSeries(one)));
    });
    await refill(relay, console_);
    expect(wordsOf(console_)).toEqual(wordsOf(relay));
  },
);

test('rows that are here already and rows of the relay become one hour', async () => {
  const polls = mixOf(HOUR);
  const console_ = openStore();
  await seal(
    console_,
    HOUR,
    polls.filter((_, i) => i % 3 > 0),
  );
  const relay = await relayStore(polls.filter((_, i) => i % 3 < 2));
  await refill(relay, console_);
  expect(wordsOf(console_)).toEqual(wordsOf(await relayStore(polls)));
});

test('an hour that comes before one that is here gives that one its first rises', async () => {
  const [first, second] = [mixOf(HOUR), mixOf(HOUR + 1)];
  const [console_, own] = [openStore(), await relayStore(first)];
  await seal(own, HOUR + 1, second);
  await seal(console_, HOUR + 1, second);
  await refill(await relayStore(first), console_);
  expect(wordsOf(console_, HOUR + 1)).toEqual(wordsOf(own, HOUR + 1));
});

test('bytes that are no chunk, a chunk of another device, and a metric nobody knows are left out', async () => {
  const relay = await relayStore(mixOf(HOUR));
  const console_ = openStore();
  const sum = await refill(relay, console_, (part) => ({
    ...part,
    series: part.series.map((one) => (one.metric === 'load.1' ? { ...one, metric: 'load.99' } : one)),
    chunks: part.isFirst
      ? part.chunks.map((one, i) => {
          if (i === 0) return { ...one, data: one.data.map((byte, at) => (at === 30 ? byte ^ 1 : byte)) };
          return i === 1 ? { ...one, device: part.chunks[0]?.device ?? one.device } : one;
        })
      : part.chunks,
  }));
  expect(sum).toMatchObject({ devices: DEVICES - 2, undecodable: 2 });
  const there = new Set(wordsOf(relay));
  expect(wordsOf(console_).filter((line) => !there.has(line))).toHaveLength(1); // the site's sum, of fewer devices
  expect(console_.read(DAY)?.instancesOf('load.99')).toEqual([]);
  expect(console_.read(DAY)?.instancesOf('load.1')).toEqual([]);
});

test('an hour whose end was told counts as had, with what the relay claimed', async () => {
  const relay = await relayStore([pollNo(mixOf(HOUR)[0]?.device ?? expect.unreachable(), 1)]);
  const console_ = openStore();
  await refill(relay, console_, (part) => ({ ...part, chunks: [], claim: { devices: 9, samples: 1_000 } }));
  const kept = await coverageOf({ relay: RELAY, from: HOUR, to: HOUR + 1 }, context(console_));
  expect(kept).toEqual([{ hour: HOUR, devices: 9, samples: 1_000 }]);
});

test('a part without its beginning is refused: the refill begins that hour anew', async () => {
  const told = { relay: RELAY, site: SITE, hour: HOUR, series: [], chunks: [], isFirst: false, claim: undefined };
  await expect(keepPart(packKeep(told).part, context(openStore()))).rejects.toMatchObject({ code: 'bad-request' });
});
