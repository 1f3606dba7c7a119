// `npm run e2e -- noise`: a device that flaps for an hour, a window of maintenance that ends, and a thousand repeats: how little is told of them.
import { systemClock } from '#shared/base/clock.ts';
import type { Chaos, ChaosOptions } from '#test/chaos/chaos.ts';
import type { Figures } from '#test/judge.ts';
import { repeats } from './repeats.ts';
import { startWatchRig, type WatchRig } from './watch-rig.ts';

const MINUTE_MS = 60_000;
/** An hour passes in three minutes; faster, and the time-outs of polls become what a busy machine needs to answer. */
const FULL = { speed: 20, hours: 1 };
const QUICK = { speed: 20, hours: 0.4 };
/** Up and down once; shorter than what is waited for before "it is over" is told. */
const FLAP_MS = 2 * MINUTE_MS;
const WINDOW_MS = 10 * MINUTE_MS;
const FLAPS = 0;
/** Bad during the window, good again within it. */
const HEALS = [1, 2, 3];
/** Bad during the window and after it. */
const STAYS = [4, 5];
const ALL = 8;

export const noise: Chaos = async ({ isQuick, seed, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  const size = isQuick ? QUICK : FULL;
  const figures: Record<string, number> = { ...(await repeats({ seed, say })) };
  say(`repeats: ${JSON.stringify(figures)}`);
  {
    await using rig = await startWatchRig({
      ...{ sites: 1, devices: ALL, intervalMs: 10_000, speed: size.speed, atLeast: ['critical'], seed, say },
    });
    await rig.quiet(10 * MINUTE_MS);
    for (const step of [aWindow, () => flapping(rig, size.hours * 60 * MINUTE_MS)]) {
      const found = await step(rig);
      say(JSON.stringify(found));
      Object.assign(figures, found);
    }
  }
  return { name: 'e2e noise', figures, durationMs: systemClock.monotonic() - startedAt, details: { seed, ...size } };
};

/** Five devices go bad in a window; three are good again before its end. */
async function aWindow(rig: WatchRig): Promise<Figures> {
  const startsAt = rig.time.now() + MINUTE_MS;
  await rig.say([
    {
      kind: 'window',
      body: {
        name: 'Work on the racks',
        startsAt: new Date(startsAt).toISOString().slice(0, 19),
        zone: 'UTC',
        durationMs: WINDOW_MS,
        sites: [rig.relay(0).site],
      },
    },
  ]);
  await rig.time.sleep(startsAt + MINUTE_MS - rig.time.now());
  const mark = rig.sink.mails.length;
  await rig.power(0, [...HEALS, ...STAYS], false);
  await rig.time.sleep(4 * MINUTE_MS);
  await rig.power(0, HEALS, true);
  await rig.time.sleep(startsAt + WINDOW_MS - 10_000 - rig.time.now());
  const windowTold = rig.mailsSince(mark).length;
  await rig.time.sleep(3 * MINUTE_MS);
  await rig.quiet(5 * MINUTE_MS);
  const told = rig.mailsSince(mark).length - windowTold;
  const open = (await rig.incidents()).filter(({ isMuted, severity }) => !isMuted && severity === 'critical');
  await rig.power(0, STAYS, true);
  await rig.quiet(15 * MINUTE_MS);
  return { windowTold, windowEndTold: told / STAYS.length, windowEndAlerts: open.length / STAYS.length };
}

async function flapping(rig: WatchRig, forMs: number): Promise<Figures> {
  const mark = rig.sink.mails.length;
  const until = rig.time.now() + forMs;
  const begun = rig.time.now();
  let flaps = 0;
  for (; rig.time.now() < until; flaps += 1) {
    await rig.power(0, [FLAPS], false);
    await rig.time.sleep(FLAP_MS / 2);
    await rig.power(0, [FLAPS], true);
    await rig.time.sleep(FLAP_MS / 2);
  }
  // What flaps is steady after a quarter of an hour.
  await rig.quiet(30 * MINUTE_MS);
  const device = rig.device(0, FLAPS);
  const alerts = (await rig.estate.api.alerts.list({ state: 'any', deviceId: device, limit: 200 })).items.filter(
    ({ openedAt, check }) => openedAt >= begun - MINUTE_MS && check === 'device.down',
  );
  return { flaps, flapAlerts: alerts.length, flapTold: rig.mailsSince(mark).length };
}
