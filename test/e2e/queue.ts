// `npm run e2e -- queue`: orders for devices that are off: run once when they are back, or not at all where they have ended or are stale.
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { ActionOutcome } from '#shared/contract/action-contract.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import type { Chaos, ChaosOptions } from '#test/chaos/chaos.ts';
import { type Lab, startLab } from '#test/lab/lab.ts';
import {
  addLab,
  type Estate,
  enrolRelay,
  makeSite,
  type RunningRelay,
  raiseCaps,
  runOrder,
  runRelay,
  sign,
  startEstate,
  untilKnown,
} from './composed-site.ts';

const DAY_MS = 86_400_000;
/** Of the order that ends while its device is off. */
const SHORT_MS = 6_000;
/** A try, a poll of five seconds and a busy machine. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 50;
/** After the devices are back: whatever would run wrongly has had a poll and a try of each kind. */
const AFTER_MS = { full: 15_000, quick: 1_500 };

/** What happens to the order of each device while it is off. */
const FATES = ['back', 'expired', 'cancelled', 'left', 'denied', 'stale'] as const;
type Fate = (typeof FATES)[number];

interface Scene {
  estate: Estate;
  lab: Lab;
  devices: Readonly<Record<Fate, { index: number; id: DeviceId; target: DeviceTarget; order: string }>>;
}

const FILE = '/tmp/queue-ran';
const nameOf = (index: number): string => FATES[index] ?? '';

/** How often the command of a fate has run on its device. */
const ran = ({ lab, devices }: Scene, fate: Fate): number =>
  (lab.file(devices[fate].index, FILE) ?? '').split('\n').length - 1;

async function until<T>(ask: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  const deadline = systemClock.monotonic() + PATIENCE_MS;
  for (;;) {
    const value = await ask();
    if (isSo(value) || systemClock.monotonic() > deadline) return value;
    await systemClock.sleep(LOOK_MS);
  }
}

async function outcomeOf({ estate, devices }: Scene, fate: Fate): Promise<ActionOutcome | undefined> {
  return (await estate.api.actions.show({ id: devices[fate].order })).outcomes[0];
}

const reaches = (scene: Scene, fate: Fate, states: readonly string[]): Promise<ActionOutcome | undefined> =>
  until(
    () => outcomeOf(scene, fate),
    (outcome) => outcome !== undefined && states.includes(outcome.state),
  );

/** Two relays at one site and one at another, all devices of the first; its devices are known, then off, then ordered to. */
async function makeScene(onEnd: (stop: () => Promise<void>) => void): Promise<Scene & { relays: RunningRelay[] }> {
  const estate = await startEstate([], (stop) => onEnd(async () => void (await stop())));
  const sites = [await makeSite(estate, 'Harbour'), await makeSite(estate, 'Yard')] as const;
  const lab = await startLab({ devices: FATES.length, base: '127.33.0.1' });
  onEnd(() => lab.stop());
  const config = { onEnd: (stop: () => unknown) => onEnd(async () => void (await stop())) };
  const relays: RunningRelay[] = [];
  for (const site of [sites[0], sites[0], sites[1]]) {
    const relay = await enrolRelay(estate, site);
    relays.push(await runRelay(relay, config));
  }
  const [own, , other] = relays;
  if (own === undefined || other === undefined) throw new Error('no relay');
  const split = FATES.length - 1;
  const partOf = (from: number, to: number) => ({ devices: lab.devices.slice(from, to) });
  const ids = [
    ...(await addLab(estate, own, partOf(0, split), nameOf)),
    ...(await addLab(estate, other, partOf(split, split + 1), nameOf)),
  ];
  const targets = await untilKnown(estate, ids);
  for (const { index } of lab.devices) lab.set(index, { isDown: true });
  const entries: Array<[Fate, Scene['devices'][Fate]]> = [];
  for (const [index, fate] of FATES.entries()) {
    const target = targets.find(({ id }) => id === ids[index]);
    if (target === undefined) throw new Error(`no device ${index}`);
    const validForMs = fate === 'expired' ? SHORT_MS : DAY_MS;
    const order = runOrder([target], `echo ran >> ${FILE}`, { validForMs });
    // The login of this one is taken away before it is tried.
    if (fate === 'denied') await estate.api.devices.update({ id: target.id, credential: 'none' });
    const { ids: orders } = await estate.api.actions.submit({ signed: await sign(estate, order) });
    entries.push([fate, { index, id: target.id, target, order: orders[0] ?? '' }]);
  }
  // Every fate has its entry.
  const devices = Object.fromEntries(entries) as Scene['devices'];
  return { estate, lab, devices, relays };
}

async function play(scene: Scene & { relays: RunningRelay[] }, isQuick: boolean): Promise<Record<string, number>> {
  const { estate, lab, devices, relays } = scene;
  const queued = (
    await Promise.all(
      FATES.filter((fate) => fate !== 'denied').map((fate) => reaches(scene, fate, ['waiting', 'expired'])),
    )
  ).filter((outcome) => outcome?.state === 'waiting' || (outcome?.attempts.length ?? 0) > 0).length;
  const listed = (await estate.api.actions.list({ limit: 50, state: 'sent' })).items.filter(
    ({ counts }) => (counts['waiting'] ?? 0) > 0,
  ).length;
  await estate.api.actions.cancel({ id: devices.cancelled.order });
  const [own, second, other] = relays;
  if (own === undefined || second === undefined || other === undefined) throw new Error('no relay');
  await estate.api.devices.update({ id: devices.left.id, relayId: second.id });
  await raiseCaps(estate, other.site, { devicesPerTenMinutes: 9_999 });
  const ends = await Promise.all([
    reaches(scene, 'cancelled', ['cancelled']),
    reaches(scene, 'left', ['refused']),
    reaches(scene, 'denied', ['failed']),
    reaches(scene, 'expired', ['expired']),
  ]);
  await estate.api.devices.update({ id: devices.left.id, relayId: own.id });
  for (const { index } of lab.devices) lab.set(index, { isDown: false });
  const [back, stale] = await Promise.all([
    reaches(scene, 'back', ['succeeded']),
    reaches(scene, 'stale', ['refused']),
  ]);
  await systemClock.sleep(isQuick ? AFTER_MS.quick : AFTER_MS.full);
  const [cancelled, left, denied, expired] = ends;
  const is = (outcome: ActionOutcome | undefined, state: string, reason?: string) =>
    Number(outcome?.state === state && (reason === undefined || outcome.reason === reason));
  return {
    ...{ queued, listed, ranOnce: ran(scene, 'back'), saidDone: is(back, 'succeeded') },
    triesShown: back?.attempts.length ?? 0,
    ...{ expiredRan: ran(scene, 'expired'), saidExpired: is(expired, 'expired') },
    ...{ cancelledRan: ran(scene, 'cancelled'), saidCancelled: is(cancelled, 'cancelled') },
    ...{ staleRan: ran(scene, 'stale'), saidStale: is(stale, 'refused', 'charter-invalid') },
    ...{ leftRan: ran(scene, 'left'), saidLeft: is(left, 'refused', 'manifest-retargeted') },
    deniedRan: ran(scene, 'denied'),
    saidConfiguration: Number(denied?.attempts.at(-1)?.class === 'configuration'),
  };
}

export const queue: Chaos = async ({ isQuick, seed, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  const stops: Array<() => Promise<void>> = [];
  try {
    const scene = await makeScene((stop) => void stops.unshift(stop));
    say('all devices are off and have their orders');
    const figures = await play(scene, isQuick);
    return { name: 'e2e queue', figures, durationMs: systemClock.monotonic() - startedAt, details: { seed } };
  } finally {
    for (const stop of stops) await stop();
  }
};
