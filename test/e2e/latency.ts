// `npm run e2e -- latency`: from something that happens on a device to a mail that has arrived, for what devices say and for what polls find.
import { signRun } from '#console/cli/sign-run.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { Check } from '#shared/model/check.ts';
import { percentile } from '#test/bench/statistics.ts';
import type { Chaos, ChaosOptions } from '#test/chaos/chaos.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import type { Figures } from '#test/judge.ts';
import { raiseCaps, runOrder } from './composed-site.ts';
import { startWatchRig, type WatchRig } from './watch-rig.ts';

interface Size {
  /** Devices of each of the three kinds of trouble; a device that has trouble already would join it. */
  each: number;
  intervalMs: number;
  /** Between two of them: what is measured is one that comes alone. */
  everyMs: number;
}

const FULL: Size = { each: 30, intervalMs: 10_000, everyMs: 1_000 };
const QUICK: Size = { each: 6, intervalMs: 5_000, everyMs: 400 };
/** Far beyond what is promised: what did not come by then is missing. */
const PATIENCE_MS = 60_000;
const PUSHED = 'lab.pushed';

const check = (id: string, series: string, critical: number): Check => ({
  ...{ id, name: id, type: 'custom', isOn: true, advice: 'None: it is a trial.' },
  when: { kind: 'threshold', series, above: true, limits: { critical }, forMs: 0, margin: 0 },
});

export const latency: Chaos = async ({ isQuick, seed, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  const size = isQuick ? QUICK : FULL;
  const { each, intervalMs } = size;
  await using rig = await startWatchRig({
    ...{ sites: 1, devices: each * 3, intervalMs, seed, say, atLeast: ['critical'] },
  });
  await prepare(rig);
  const random = seededRandom(seed);
  const atRandom = (act: (index: number) => Promise<void>) => async (index: number) => {
    await systemClock.sleep(random() * intervalMs);
    const begun = systemClock.now();
    await act(index);
    return begun;
  };
  const pushed = await measure(rig, size, 0, (index) => sayNumber(rig, index));
  const polled = await measure(
    rig,
    size,
    each,
    atRandom((index) => rig.set(0, index, { stress: { diskUsed: 0.99 } })),
  );
  const down = await measure(
    rig,
    size,
    each * 2,
    atRandom((index) => rig.power(0, [index], false)),
  );
  const figures = {
    ...figuresOf('pushed', pushed),
    ...figuresOf('polled', polled),
    polledBeyondPollMs: Math.max(0, percentile(polled, 0.95) - intervalMs),
    ...figuresOf('down', down),
    missing: each * 3 - pushed.length - polled.length - down.length,
  };
  return { name: 'e2e latency', figures, durationMs: systemClock.monotonic() - startedAt, details: { seed, ...size } };
};

/** Two checks that fail at once, and orders as fast as they come. */
async function prepare(rig: WatchRig): Promise<void> {
  const checks = [check(PUSHED, PUSHED, 100), check('lab.polled', 'filesystem.used_ratio', 0.97)];
  const settings = { checks, off: ['disk.free'] };
  const body = { name: 'Trial', level: 'customer' as const, priority: 0, isEnforced: false, settings };
  await rig.say([{ kind: 'layer', body, places: [] }]);
  const { api, consoleData: data } = rig.estate;
  await raiseCaps({ api, data }, rig.relay(0).site, { devicesPerTenMinutes: 10_000 });
  await rig.quiet(5_000);
}

/** A signed script of the device says a number that is too high: what it took to sign it and to carry it there is counted too. */
async function sayNumber(rig: WatchRig, index: number): Promise<number> {
  const { api, consoleData } = rig.estate;
  const { targets } = await api.devices.targets({ devices: [rig.device(0, index)] });
  const begun = systemClock.now();
  const order = runOrder(targets, `echo '{"name":"${PUSHED}","v":500}'`);
  const signed = await signRun(api, consoleData, order, systemClock);
  await api.actions.submit({ signed });
  return begun;
}

/** Milliseconds from each beginning to the mail that names the device, of those that came. */
async function measure(
  rig: WatchRig,
  { each, everyMs }: Size,
  from: number,
  begin: (index: number) => Promise<number>,
): Promise<number[]> {
  const mark = rig.sink.mails.length;
  const begun = await Promise.all(
    Array.from({ length: each }, async (_, n) => {
      await systemClock.sleep(n * everyMs);
      return { name: rig.relay(0).devices[from + n]?.name ?? '?', at: await begin(from + n) };
    }),
  );
  const mailOf = (name: string) =>
    rig.mailsSince(mark).find(({ headers, text }) => `${headers['subject']?.[0]} ${text}`.includes(name));
  await rig.sink.until(each, PATIENCE_MS, () => begun.flatMap(({ name }) => mailOf(name) ?? []));
  return begun.flatMap(({ name, at }) => {
    const mail = mailOf(name);
    return mail === undefined ? [] : [Math.round(mail.at - at)];
  });
}

const figuresOf = (kind: string, tookMs: readonly number[]): Figures => ({
  [`${kind}P50Ms`]: percentile(tookMs, 0.5),
  [`${kind}P95Ms`]: percentile(tookMs, 0.95),
  [`${kind}MaxMs`]: Math.max(...tookMs),
});
