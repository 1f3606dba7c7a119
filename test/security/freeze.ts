// One guardian stops a site over the links of twenty relays: what runs ends, nothing new begins, and one person alone lets nobody go.
import { systemClock } from '#shared/base/clock.ts';
import { FreezeId, newId, type SiteId } from '#shared/base/id.ts';
import type { Freeze, SignedBrake, Thaw } from '#shared/model/freeze.ts';
import type { Action } from '#shared/model/manifest.ts';
import { signBrake } from '#shared/seal/freeze-seal.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { Ending } from './ending.ts';
import { type LinkedEstate, type LinkedRelay, until } from './linked-estate.ts';
import { type House, openHouse, takenAt, targetsOf } from './linked-house.ts';
import type { Attack } from './security.ts';
import { ACCEPT, byKeys, manifestFor, sealedBy } from './trust-estate.ts';

/** Longer than the freeze may take, so that what ends early was stopped. */
const SLEEP: Action = { name: 'command.run', arguments: { command: 'sleep 50' } };
const PATIENCE_MS = 20_000;
/** How long the last relays stay away, in full and in short; the freeze is signed meanwhile. */
const AWAY_MS = { full: 3_000, quick: 1_000 };
const AWAY = 3;

const brake = (site: SiteId, at: number) => ({
  v: 1 as const,
  site,
  id: FreezeId.parse(newId(at)),
  reason: '',
  at,
});

/** An order of its own for each relay. */
const orders = ({ estate, ...house }: House, action: Action, sign: Parameters<typeof sealedBy>[1]) =>
  Promise.all(
    estate.relays.map(async ({ relay }, n) => {
      const change = { site: estate.site, targets: targetsOf(house, n), caps: CAPS };
      const [signed] = await sealedBy([manifestFor(relay, 1, action, change)], sign);
      if (signed === undefined) throw new Error('nothing was signed');
      return signed;
    }),
  );
const CAPS = { timeoutMs: 60_000, outputBytes: 1_024, concurrency: 1 };

/** Refusals that the audit holds of these relays, all kinds together. */
const refused = ({ estate, audit }: House): number =>
  estate.relays.reduce((sum, { relay }) => sum + audit.refusedBy(relay), 0);

/** Relays at which a good order of one technician is taken now; the console is the attacker's, and hands it over itself. */
async function orderNow(house: House): Promise<number> {
  const { relays } = house.estate;
  const [before, told] = [takenAt(relays), refused(house)];
  const batch = await orders(house, ACCEPT, byKeys(house.people.key.ann));
  await Promise.all(relays.map(async (relay, n) => (batch[n] === undefined ? undefined : relay.receive(batch[n]))));
  const answered = () => takenAt(relays) - before + (refused(house) - told) >= relays.length;
  if (!(await until(answered, PATIENCE_MS))) throw new Error('an order was neither taken nor refused');
  return takenAt(relays) - before;
}

/** Hands a brake to each relay over its link; comes back when each has refused it. */
async function refuseEach(house: House, signed: SignedBrake): Promise<void> {
  const before = refused(house);
  for (const relay of house.estate.relays) await relay.takeBrake(signed);
  const { length } = house.estate.relays;
  if (!(await until(() => refused(house) - before >= length, PATIENCE_MS))) throw new Error('a thaw was not refused');
}

const allLinked = (relays: readonly LinkedRelay[]) =>
  until(() => relays.every(({ isLinked }) => isLinked()), PATIENCE_MS);

/** Orders whose device was stopped, of those that the console has heard of. */
function cancelled({ database }: LinkedEstate, relays: readonly LinkedRelay[]): number {
  const rows = database
    .prepare<[], { relay: string }>(
      `select distinct a.relay_id as relay from action a join action_outcome o on o.action_id = a.id where o.state = 'cancelled'`,
    )
    .all();
  const stopped = new Set(rows.map(({ relay }) => relay));
  return relays.filter(({ relay }) => stopped.has(relay)).length;
}

function running({ database }: LinkedEstate): number {
  const row = database.prepare<[], { n: number }>(`select count(*) as n from action_outcome where state = 'started'`);
  return row.get()?.n ?? 0;
}

/** Signed by one guardian while the last relays are away: how long until what ran had ended, there and at those that came back. */
async function freezeAll(
  house: House,
  awayMs: number,
): Promise<{ signed: SignedBrake; frozenMs: number; lateMs: number; stopped: number }> {
  const { estate, people } = house;
  const [linked, away] = [estate.relays.slice(0, -AWAY), estate.relays.slice(-AWAY)];
  for (const { relay } of away) estate.registry.get(relay)?.goAway({ reason: 'restart', delayMs: awayMs });
  if (!(await until(() => away.every(({ isLinked }) => !isLinked()), PATIENCE_MS))) throw new Error('a relay stayed');
  const freeze: Freeze = { ...brake(estate.site, systemClock.now()), kind: 'freeze' };
  const frozenAt = systemClock.monotonic();
  const signed = await signBrake(freeze, [people.key.guardian]);
  await estate.api.sites.putBrake({ id: estate.site, signed });
  await until(() => cancelled(estate, linked) === linked.length, PATIENCE_MS);
  const frozenMs = Math.round(systemClock.monotonic() - frozenAt);
  await allLinked(away);
  const backAt = systemClock.monotonic();
  await until(() => cancelled(estate, away) === away.length, PATIENCE_MS);
  const lateMs = Math.round(systemClock.monotonic() - backAt);
  return { signed, frozenMs, lateMs, stopped: cancelled(estate, estate.relays) };
}

export const attackFreeze: Attack = async ({ isQuick, say }) => {
  const startedAt = systemClock.monotonic();
  const count = isQuick ? 6 : 20;
  await using folder = makeTempFolder('rmm-freeze');
  await using ending = new Ending();
  const house = await openHouse(folder.path, { relays: count, devices: count }, ending);
  const { estate, people } = house;
  const { ann, annToo, bob, guardian, owner1 } = people.key;
  await estate.api.actions.submit({ signed: await orders(house, SLEEP, byKeys(ann, bob)) });
  await until(() => running(estate) === count, PATIENCE_MS);
  const ranBefore = running(estate);
  const { signed, ...frozen } = await freezeAll(house, isQuick ? AWAY_MS.quick : AWAY_MS.full);
  say(`${frozen.stopped} relays stopped what ran: ${frozen.frozenMs} ms; ${frozen.lateMs} ms after three came back`);

  const ranFrozen = await orderNow(house);
  await Promise.all(estate.relays.map((relay) => relay.stop()));
  await Promise.all(estate.relays.map((relay) => relay.start()));
  await allLinked(estate.relays);
  const ranRestarted = await orderNow(house);
  const at = systemClock.now();
  const thaw: Thaw = { ...brake(estate.site, at), kind: 'thaw', freezes: signedId(signed) };
  for (const keys of [[ann], [ann, annToo], [guardian], [owner1], [owner1, ann]])
    await refuseEach(house, await signBrake(thaw, keys));
  const ranThawedByOne = await orderNow(house);
  await estate.api.sites.putBrake({ id: estate.site, signed: await signBrake(thaw, [ann, bob]) });
  const thawed = () => estate.relays.every(({ relay }) => house.audit.about('site.thaw').has(`relay:${relay}`));
  await until(thawed, PATIENCE_MS);
  for (const relay of estate.relays) await relay.takeBrake(signed);
  const ranThawed = await orderNow(house);
  const figures = { relays: count, running: ranBefore, ...frozen, ranFrozen, ranRestarted, ranThawedByOne, ranThawed };
  return { name: 'security freeze', figures, durationMs: systemClock.monotonic() - startedAt };
};

/** The id of a freeze, as its own text says. */
const signedId = ({ text }: SignedBrake): FreezeId => FreezeId.parse(JSON.parse(text).id);
