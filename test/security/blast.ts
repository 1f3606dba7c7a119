// How far one signer reaches: batches over forty relays, signed alone, twice by one person, blindly, and with a total that lies.
import { systemClock } from '#shared/base/clock.ts';
import type { Action, SignedManifest } from '#shared/model/manifest.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { sealBatch, signStatement } from '#shared/seal/manifest-seal.ts';
import { merkleTree } from '#shared/seal/merkle.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { assertWith } from '#test/fixtures/virtual-passkey.ts';
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
  RESTART,
  RUN,
  sealedBy,
  startRelays,
  teamCharter,
  turnedClock,
  untilIdle,
} from './trust-estate.ts';

const MINUTE_MS = 60_000;

type Sign = Parameters<typeof sealedBy>[1];

/** Devices acted on by `run` at all relays together. */
async function reach(relays: readonly DecidingRelay[], run: () => Promise<void>): Promise<number> {
  const before = actedAt(relays);
  await run();
  return actedAt(relays) - before;
}

/** `devices` spread over all relays as evenly as it goes. */
const spread = (relays: readonly DecidingRelay[], devices: number, action: Action) => {
  const each = Math.floor(devices / relays.length);
  const more = devices % relays.length;
  return relays
    .map(({ relay }, n) => ({ relay, count: each + (n < more ? 1 : 0) }))
    .filter(({ count }) => count > 0)
    .map(({ relay, count }) => manifestFor(relay, count, action));
};

const sendSpread = (relays: readonly DecidingRelay[], devices: number, action: Action, sign: Sign) => () =>
  sealedBy(spread(relays, devices, action), sign).then((batch) => deliver(relays, batch));

/** Ten devices at each relay under a statement that claims `claimed` in all, the sums forged to fit. */
async function lyingBatch(
  relays: readonly DecidingRelay[],
  claimed: number,
  people: People,
): Promise<SignedManifest[]> {
  const texts = relays.map(({ relay }) => canonicalJson(manifestFor(relay, 10, ACCEPT)));
  const weights = texts.map((_, n) => Math.floor(claimed / texts.length) + (n < claimed % texts.length ? 1 : 0));
  const { root, paths } = await merkleTree(texts.map((text, n) => ({ text, weight: weights[n] ?? 1 })));
  const signature = await signStatement(canonicalJson({ v: 2, kind: 'batch', root, total: claimed }), people.key.ann);
  const parts = texts.map((manifest, index) => {
    const { hashes: path, sums } = paths[index] ?? { hashes: [], sums: [] };
    return { manifest, batch: { index, count: texts.length, path, sums, total: claimed } };
  });
  return sealBatch(parts, [signature]);
}

interface Rig {
  relays: DecidingRelay[];
  people: People;
}

async function tierOne(folder: string, count: number, people: People): Promise<{ within: number; beyond: number }> {
  const charter = teamCharter(people);
  const relays = await startRelays(folder, count, { charter, people, clock: turnedClock() });
  const sign = byKeys(people.key.ann);
  const beyond = await reach(relays, sendSpread(relays, 26, RESTART, sign));
  const within = await reach(relays, sendSpread(relays, 25, RESTART, sign));
  for (const relay of relays) await relay.stop();
  return { within, beyond };
}

async function ordersOfTierThree({ relays, people }: Rig) {
  const { key, tap } = people;
  const send = (sign: Sign) => reach(relays, sendSpread(relays, Math.min(relays.length, 25), RUN, sign));
  return {
    t3Alone: await send(byKeys(key.ann)),
    t3OnePersonTwice:
      (await send(byKeys(key.ann, key.annToo))) +
      (await send(async (statement) => [
        await signStatement(statement, key.ann),
        await assertWith(tap.ann, statement),
      ])),
    t3SameKeyTwice: await send(byKeys(key.ann, key.ann)),
    t3TwoPasskeys: await send(async (text) => [await assertWith(tap.ann, text), await assertWith(tap.bob, text)]),
    t3TwoPeople: await send(byKeys(key.ann, key.bob)),
  };
}

interface Tries {
  action: Action;
  /** Fits once, then no more. */
  first: number;
  /** Fills the cap. */
  rest: number;
}

/** Batch after batch at one relay, over a restart and a clock that goes back a day: what got through within ten minutes. */
async function capsOverTime(
  folder: string,
  people: People,
  { action, first, rest }: Tries,
): Promise<{ devices: number; later: number }> {
  const clock = turnedClock();
  const [started] = await startRelays(folder, 1, { charter: teamCharter(people), people, clock });
  if (started === undefined) throw new Error('no relay');
  let relay = started;
  const send = async (devices: number) =>
    reach([relay], async () => {
      // The signer's clock is right; the relay's is turned.
      const at = { exp: systemClock.now() + 60 * MINUTE_MS };
      const batch = await sealedBy([manifestFor(relay.relay, devices, action, at)], byKeys(people.key.ann));
      await deliver([relay], batch);
    });
  let devices = await send(first);
  relay = await relay.restart();
  devices += await send(first);
  clock.turn(-86_400_000);
  devices += await send(first);
  relay = await relay.restart();
  devices += (await send(rest)) + (await send(1));
  clock.turn(86_400_000 + 11 * MINUTE_MS);
  const later = await send(first + rest);
  await relay.stop();
  return { devices, later };
}

/** A command that fails everywhere, on as many devices as two people may reach: how far it gets, asked for as carelessly as it goes. */
async function failingOrder(folder: string, people: People): Promise<{ ran: number; halted: number }> {
  const given = { charter: teamCharter(people), people, clock: turnedClock(), exitCode: 1 };
  const relays = await startRelays(folder, 1, given);
  const careless = { rollout: { canary: 25, haltPercent: 100 } };
  const manifests = relays.map(({ relay }) => manifestFor(relay, 25, RUN, careless));
  const sign = byKeys(people.key.ann, people.key.bob);
  const ran = await reach(relays, async () => deliver(relays, await sealedBy(manifests, sign)));
  const halted = relays.flatMap(({ records }) => records).filter(isHalted).length;
  for (const relay of relays) await relay.stop();
  return { ran, halted };
}

const isHalted = (record: DecidingRelay['records'][number]): boolean =>
  record.type === 'outcome' && record.state === 'halted';

export const attackBlast: Attack = async ({ isQuick, say }) => {
  const startedAt = systemClock.monotonic();
  const count = isQuick ? 10 : 40;
  await using folder = makeTempFolder('rmm-blast');
  const people = await makePeople();
  const charter = teamCharter(people);
  const one = await tierOne(`${folder.path}/t1`, count, people);
  say(`t1: ${one.within} of 25 devices, ${one.beyond} of 26`);
  const relays = await startRelays(`${folder.path}/t2`, count, { charter, people, clock: turnedClock() });
  const sign = byKeys(people.key.ann);
  const t2Beyond = await reach(relays, sendSpread(relays, 51, ACCEPT, sign));
  const t2Lying = await reach(relays, async () => deliver(relays, await lyingBatch(relays, 50, people)));
  const t2Within = await reach(relays, sendSpread(relays, 50, ACCEPT, sign));
  say(`t2: ${t2Within} of 50 devices, ${t2Beyond} of 51, ${t2Lying} of ${10 * count} said to be 50`);
  const three = await ordersOfTierThree({ relays, people });
  say(`t3: ${JSON.stringify(three)}`);
  await untilIdle(relays);
  for (const relay of relays) await relay.stop();
  const failing = await failingOrder(`${folder.path}/halt`, people);
  say(`a command that fails everywhere: ran on ${failing.ran} of 25, ${failing.halted} were not begun`);
  const time = await capsOverTime(`${folder.path}/time`, people, { action: ACCEPT, first: 30, rest: 20 });
  const time1 = await capsOverTime(`${folder.path}/time1`, people, { action: RESTART, first: 15, rest: 10 });
  say(
    `one relay: ${time.devices} devices (t1: ${time1.devices}) over a restart and a clock set back, ${time.later} eleven minutes later`,
  );
  return {
    name: 'security blast',
    figures: {
      relays: count,
      t1Devices: one.within,
      t1Beyond: one.beyond,
      t2Devices: t2Within,
      t2Beyond,
      t2Lying,
      ...three,
      failingRan: failing.ran,
      failingHalted: failing.halted,
      devicesInTenMinutes: time.devices,
      devicesLater: time.later,
      t1InTenMinutes: time1.devices,
      t1Later: time1.later,
    },
    durationMs: systemClock.monotonic() - startedAt,
  };
};
