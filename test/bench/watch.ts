// `bench watch`: what judging costs a relay of 500 devices, and how soon what happens to them is a finding on its disk.
import { systemClock } from '#shared/base/clock.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { WatchKit } from '#test/fixtures/watch-kit.ts';
import type { Bench } from './bench.ts';
import { cpuSeconds, percentile, rounded } from './statistics.ts';

const SEED = 1;
const BEHIND_SWITCH = 50;

/** The mix's polls as those of the kit's devices, each with its former one. */
function* pollsOf(kit: WatchKit, devices: number): Generator<Array<[PollRecord | undefined, PollRecord]>> {
  const former = new Map<string, PollRecord>();
  for (const sweep of pollsOfMix({ devices, columns: 40, seed: SEED, from: kit.clock.now() })) {
    yield sweep.map((poll): [PollRecord | undefined, PollRecord] => {
      const record = { ...poll, device: sampleDevice(Number.parseInt(poll.device.slice(-12), 16) + 1) };
      const before = former.get(record.device);
      former.set(record.device, record);
      return [before, record];
    });
  }
}

async function judging(kit: WatchKit, devices: number, sweeps: number): Promise<number> {
  const all = pollsOf(kit, devices);
  let seconds = 0;
  for (let i = 0; i < sweeps; i += 1) {
    const sweep = all.next().value ?? [];
    seconds += cpuSeconds(() => {
      for (const [former, record] of sweep) kit.site.polled(former, record);
    });
    await kit.clock.advance(60_000);
  }
  return (seconds * 1e6) / (sweeps * devices);
}

/** From the outcome that settles it to the record on disk, one after the other. */
function outages(kit: WatchKit, first: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    kit.fails(first + i);
    const begun = systemClock.monotonic();
    kit.fails(first + i);
    return systemClock.monotonic() - begun;
  });
}

/** A switch that dies after its children were found silent: from its own verdict to the last of them on disk. */
function switchDies(kit: WatchKit): { ms: number; children: number } {
  for (let n = 2; n < 2 + BEHIND_SWITCH; n += 1) kit.dies(n);
  kit.fails(1);
  const begun = systemClock.monotonic();
  kit.fails(1);
  const ms = systemClock.monotonic() - begun;
  return { ms, children: kit.findings().filter(({ because }) => because === sampleDevice(1)).length };
}

export const benchWatch: Bench = async ({ isQuick, say }) => {
  const begun = systemClock.monotonic();
  const devices = isQuick ? 100 : 500;
  const ends: Array<() => void | Promise<void>> = [];
  const parents = Object.fromEntries(Array.from({ length: BEHIND_SWITCH }, (_, n) => [n + 2, 1]));
  const kit = new WatchKit((end) => ends.push(end), { devices, parents });
  const numbers = Array.from({ length: devices }, (_, n) => n + 1);
  kit.answers(...numbers);
  const pollUs = await judging(kit, devices, isQuick ? 5 : 30);
  say(`a poll is judged in ${rounded(pollUs)} us`);
  const tickMs = cpuSeconds(() => kit.site.tick()) * 1_000;
  await kit.clock.advance(60_000);
  const took = outages(kit, 2 + BEHIND_SWITCH, isQuick ? 20 : 200);
  const { ms: switchMs, children } = switchDies(kit);
  const saveMs = cpuSeconds(() => kit.site.save()) * 1_000;
  for (const end of ends) await end();
  return {
    name: 'bench watch',
    durationMs: systemClock.monotonic() - begun,
    figures: {
      pollUs: rounded(pollUs),
      tickMs: rounded(tickMs),
      findingP95Ms: rounded(percentile(took, 0.95)),
      switchMs: rounded(switchMs),
      children,
      saveMs: rounded(saveMs),
    },
    details: { seed: SEED, devices, behind: BEHIND_SWITCH },
  };
};
