// An outage inside of an outage: a device dies and comes back while its site is cut off, and is told once, as past, with the times at which it was.
import { systemClock } from '#shared/base/clock.ts';
import type { ChaosOptions } from '#test/chaos/chaos.ts';
import type { Figures } from '#test/judge.ts';
import { startWatchRig, type WatchRig } from './watch-rig.ts';

const MINUTE_MS = 60_000;
/** Twenty minutes pass in one; faster, and this machine's own waits become seconds. */
const SPEED = 20;
const CUT_MS = 20 * MINUTE_MS;
/** After the cut, and how long. */
const FROM_MS = 6 * MINUTE_MS;
const FOR_MS = 7 * MINUTE_MS;
const INTERVAL_MS = 10_000;
/** In our own time. */
const PATIENCE_MS = 60_000;

export async function lateOutage({ seed, say }: Pick<ChaosOptions, 'isQuick' | 'seed' | 'say'>): Promise<Figures> {
  await using rig = await startWatchRig({ sites: 1, devices: 5, speed: SPEED, intervalMs: INTERVAL_MS, seed, say });
  await rig.quiet(2 * MINUTE_MS);
  const mark = rig.sink.mails.length;
  const device = rig.device(0, 2);
  const name = rig.relay(0).devices[2]?.name ?? '?';
  const times = await cutWithOutage(rig);
  const past = await rig.until(
    () => rig.incidents('any'),
    (some) => some.some(({ deviceId, state }) => deviceId === device && state === 'resolved'),
    PATIENCE_MS,
  );
  await rig.sink.until(1, PATIENCE_MS, () => ofDevice(rig, mark, name));
  await rig.quiet(6 * MINUTE_MS);
  const own = past.filter(({ deviceId }) => deviceId === device);
  const [one] = own;
  const found = {
    pastIncidents: own.length,
    pastTold: ofDevice(rig, mark, name).length,
    isPast: one?.isPast === true ? 1 : 0,
    openedOffS: Math.abs((one?.openedAt ?? 0) - times.downAt) / 1_000,
    endedOffS: Math.abs((one?.resolvedAt ?? 0) - times.upAt) / 1_000,
    cutTold: rig.mailsSince(mark).length - ofDevice(rig, mark, name).length,
  };
  say(`late: ${JSON.stringify(found)}`);
  return found;
}

const ofDevice = (rig: WatchRig, mark: number, name: string) =>
  rig.mailsSince(mark).filter(({ headers }) => headers['subject']?.[0]?.includes(name) === true);

async function cutWithOutage(rig: WatchRig): Promise<{ downAt: number; upAt: number }> {
  const { proxy } = rig.relay(0);
  const cutAt = systemClock.monotonic();
  proxy.set({ isBlackHole: true });
  await rig.time.sleep(FROM_MS);
  await rig.power(0, [2], false);
  const downAt = rig.time.now();
  await rig.time.sleep(FOR_MS);
  await rig.power(0, [2], true);
  const upAt = rig.time.now();
  await rig.time.sleep(CUT_MS - (systemClock.monotonic() - cutAt) * SPEED);
  proxy.heal();
  return { downAt, upAt };
}
