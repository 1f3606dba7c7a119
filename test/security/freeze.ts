// One guardian stops a site: what runs ends, nothing new begins, over restarts and late arrivals, and one person alone lets nobody go.
import { systemClock } from '#shared/base/clock.ts';
import { FreezeId, newId } from '#shared/base/id.ts';
import type { Freeze, SignedBrake, Thaw } from '#shared/model/freeze.ts';
import { signBrake } from '#shared/seal/freeze-seal.ts';
import { SAMPLE_SITE } from '#test/fixtures/sample-trust.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { DecidingRelay } from './deciding-relay.ts';
import type { Attack } from './security.ts';
import {
  ACCEPT,
  actedAt,
  byKeys,
  deliver,
  makePeople,
  manifestFor,
  type People,
  RUN,
  sealedBy,
  startRelays,
  teamCharter,
  turnedClock,
} from './trust-estate.ts';

/** Longer than the freeze may take, so that what ends early was stopped. */
const RUN_MS = 60_000;
const PATIENCE_MS = 15_000;

const brake = (change: { at: number }) => ({
  v: 1 as const,
  site: SAMPLE_SITE,
  id: FreezeId.parse(newId(change.at)),
  reason: '',
  ...change,
});

const isStill = ({ executor }: DecidingRelay): boolean => executor.stats().running === 0;
const cancelledAt = ({ records }: DecidingRelay): boolean =>
  records.some((record) => record.type === 'outcome' && record.state === 'cancelled');

async function until(isTrue: () => boolean): Promise<void> {
  const end = systemClock.monotonic() + PATIENCE_MS;
  while (!isTrue() && systemClock.monotonic() < end) await systemClock.sleep(5);
}

/** Devices on which an order of one technician acts now. */
async function orderNow(relays: readonly DecidingRelay[], people: People): Promise<number> {
  const before = actedAt(relays);
  const manifests = relays.map(({ relay }) => manifestFor(relay, 1, ACCEPT));
  await deliver(relays, await sealedBy(manifests, byKeys(people.key.ann)));
  return actedAt(relays) - before;
}

const tell = (relays: readonly DecidingRelay[], signed: SignedBrake) =>
  Promise.all(relays.map((relay) => relay.takeBrake(signed)));

export const attackFreeze: Attack = async ({ isQuick, say }) => {
  const startedAt = systemClock.monotonic();
  const count = isQuick ? 6 : 20;
  await using folder = makeTempFolder('rmm-freeze');
  const people = await makePeople();
  const charter = teamCharter(people);
  let relays = await startRelays(folder.path, count, { charter, people, clock: turnedClock(), runMs: RUN_MS });
  const manifests = relays.map(({ relay }) => manifestFor(relay, 1, RUN));
  const batch = await sealedBy(manifests, byKeys(people.key.ann, people.key.bob));
  await Promise.all(relays.map(async (relay, n) => (batch[n] === undefined ? undefined : relay.receive(batch[n]))));
  await until(() => actedAt(relays) === count);
  const running = actedAt(relays);

  // The last three are away, and hear of it when they are back.
  const [linked, away] = [relays.slice(0, -3), relays.slice(-3)];
  const freeze: Freeze = { ...brake({ at: systemClock.now() }), kind: 'freeze' };
  const signed = await signBrake(freeze, [people.key.guardian]);
  const frozenAt = systemClock.monotonic();
  await tell(linked, signed);
  await until(() => linked.every((relay) => isStill(relay) && cancelledAt(relay)));
  const frozenMs = Math.round(systemClock.monotonic() - frozenAt);
  const stopped = linked.filter(cancelledAt).length;
  await tell(away, signed);
  await until(() => away.every(isStill));
  const late = away.filter(cancelledAt).length;
  say(`${stopped} relays stopped what ran within ${frozenMs} ms; ${late} that came back later did too`);

  const ranFrozen = await orderNow(relays, people);
  relays = await Promise.all(relays.map((relay) => relay.restart()));
  const ranRestarted = await orderNow(relays, people);
  const thaw: Thaw = { ...brake({ at: freeze.at + 1 }), kind: 'thaw', freezes: freeze.id };
  const { ann, annToo, guardian, owner1, bob } = people.key;
  for (const keys of [[ann], [ann, annToo], [guardian], [owner1], [owner1, ann]])
    await tell(relays, await signBrake(thaw, keys));
  const ranThawedByOne = await orderNow(relays, people);
  await tell(relays, await signBrake(thaw, [ann, bob]));
  await tell(relays, signed);
  const ranThawed = await orderNow(relays, people);
  for (const relay of relays) await relay.stop();
  const figures = {
    relays: count,
    running,
    frozenMs,
    stopped: stopped + late,
    ranFrozen,
    ranRestarted,
    ranThawedByOne,
    ranThawed,
  };
  return { name: 'security freeze', figures, durationMs: systemClock.monotonic() - startedAt };
};
