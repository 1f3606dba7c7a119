// The console is the attacker's: a thousand documents over the links of twenty relays, then their rosters; nothing runs, no login leaves.
import { systemClock } from '#shared/base/clock.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { SignedManifest } from '#shared/model/manifest.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { LabProcess } from '#test/lab/lab-process.ts';
import { Ending } from './ending.ts';
import { until } from './linked-estate.ts';
import { type House, openHouse, takenAt, targetsOf } from './linked-house.ts';
import { CRIMES } from './owned-documents.ts';
import { attackRosters } from './owned-links.ts';
import type { Attack } from './security.ts';
import { goodStanding } from './standing-documents.ts';
import { ACCEPT, byKeys, manifestFor, type People, sealedBy } from './trust-estate.ts';

/** A refusal climbs from the relay's spool into the console's audit in some 20 ms; a busy machine takes longer. */
const TOLD_MS = 10_000;
/** Acknowledgements are gathered for 50 ms: what is sent again before them counts as a redelivery, not as a replay. */
const ACKED_MS = 500;
/** Relays look at their standing orders this often. */
const LOOK_MS = 5_000;

function formerOf(charter: Charter, { key }: People): Charter {
  const former = {
    kind: 'cli-ed25519' as const,
    key: key.former.publicKey,
    name: 'former',
    role: 'technician' as const,
  };
  return { ...charter, version: 1, signers: [...charter.signers, former] };
}

/** A good order for a device of each relay, the way a technician sends it. */
async function control({ estate, people, devices }: House): Promise<{ batch: SignedManifest[]; ran: number }> {
  const manifests = estate.relays.map(({ relay }, n) =>
    manifestFor(relay, 1, ACCEPT, { site: estate.site, targets: targetsOf({ devices }, n) }),
  );
  const batch = await sealedBy(manifests, byKeys(people.key.ann));
  const { ids } = await estate.api.actions.submit({ signed: batch });
  const ran = async () => {
    const shown = await Promise.all(ids.map((id) => estate.api.actions.show({ id })));
    return shown.filter(({ counts }) => counts.succeeded === 1).length;
  };
  await until(async () => (await ran()) === ids.length, TOLD_MS, 100);
  await systemClock.sleep(ACKED_MS);
  return { batch, ran: await ran() };
}

/** A good standing order at each relay: how many fire at their next look, with all that was wrongly taken before. */
async function controlStanding({ estate, people, charter, devices }: House): Promise<number> {
  const before = takenAt(estate.relays);
  for (const [n, relay] of estate.relays.entries()) {
    const signed = await goodStanding({ relay, people, charter, targets: targetsOf({ devices }, n) });
    await estate.api.standing.put({ signed });
  }
  await until(() => takenAt(estate.relays) - before >= estate.relays.length, TOLD_MS + LOOK_MS, 100);
  return takenAt(estate.relays) - before;
}

const commandsAt = async (lab: LabProcess): Promise<number> =>
  (await lab.counts()).reduce((sum, { commands }) => sum + commands, 0);

interface Silence {
  unaudited: number;
  unalarmed: number;
}

/** Hands one relay its share of the documents, one after the other: each must be told before the next comes. */
interface Share {
  at: number;
  documents: readonly number[];
  done: SignedManifest;
  say: (line: string) => void;
}

async function commitAt(house: House, { at, documents, done, say }: Share): Promise<Silence> {
  const { estate, people, charter, audit } = house;
  const relay = estate.relays[at];
  if (relay === undefined) throw new Error(`no relay ${at}`);
  const others = estate.relays.filter((one) => one !== relay);
  const targets = targetsOf(house, at);
  const loot = { relay, others, targets, people, charter, done, former: formerOf(charter, people) };
  const silence: Silence = { unaudited: 0, unalarmed: 0 };
  for (const n of documents) {
    const [what = '', commit] = CRIMES[n % CRIMES.length] ?? [];
    if (what === 'a replay') await systemClock.sleep(ACKED_MS);
    const [told, alarmed] = [audit.refusedBy(relay.relay), relay.alarms()];
    await commit?.(loot);
    await until(() => audit.refusedBy(relay.relay) > told, TOLD_MS);
    const news = { audit: audit.refusedBy(relay.relay) - told, log: relay.alarms() - alarmed };
    if (news.audit !== 1) silence.unaudited += 1;
    if (news.log !== 1) silence.unalarmed += 1;
    if (news.audit !== 1 || news.log !== 1) say(`${what}: ${news.audit} in the audit, ${news.log} in the relay's log`);
  }
  return silence;
}

async function documentsAt(
  house: House,
  batch: readonly SignedManifest[],
  count: number,
  say: Share['say'],
): Promise<Silence> {
  const { relays } = house.estate;
  // Each relay meets each crime: the round shifts by one when all crimes were met once.
  const relayOf = (n: number) => (n + Math.floor(n / CRIMES.length)) % relays.length;
  const silences = await Promise.all(
    batch.map((done, at) => {
      const documents = Array.from({ length: count }, (_, n) => n).filter((n) => relayOf(n) === at);
      return commitAt(house, { at, documents, done, say });
    }),
  );
  const sum = (of: keyof Silence) => silences.reduce((all, silence) => all + silence[of], 0);
  return { unaudited: sum('unaudited'), unalarmed: sum('unalarmed') };
}

export const attackConsoleOwned: Attack = async ({ isQuick, say }) => {
  const startedAt = systemClock.monotonic();
  const documents = isQuick ? 4 * CRIMES.length : 1_000;
  const size = isQuick ? { relays: 4, devices: 8 } : { relays: 20, devices: 25 };
  await using folder = makeTempFolder('rmm-owned');
  await using ending = new Ending();
  const house = await openHouse(folder.path, size, ending);
  const { estate, lab, audit } = house;
  say(`${size.relays} relays are linked and poll ${size.devices} devices`);
  const first = await control(house);
  const [taken, commands] = [takenAt(estate.relays), await commandsAt(lab)];
  const silence = await documentsAt(house, first.batch, documents, say);
  const ran = takenAt(estate.relays) - taken + ((await commandsAt(lab)) - commands);
  const after = await control(house);
  const standingRan = await controlStanding(house);
  say(`${documents} documents of ${CRIMES.length} kinds: ${ran} ran, ${silence.unaudited} are in no audit`);
  const roster = await attackRosters(estate, audit, ending, { isQuick, say });
  const events = estate.database
    .prepare<[], { n: number }>(
      "select count(distinct relay_id) as n from event where type = 'relay' and severity = 'critical'",
    )
    .get();
  return {
    name: 'security console-owned',
    figures: {
      relays: size.relays,
      documents,
      kinds: CRIMES.length,
      ran,
      ...silence,
      alarmedRelays: events?.n ?? 0,
      controlRan: Math.min(first.ran, after.ran),
      standingRan,
      ...roster,
    },
    durationMs: systemClock.monotonic() - startedAt,
  };
};
