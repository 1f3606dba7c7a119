// The console is the attacker's: a thousand documents it could hand to twenty relays, none of which may run or change anything.
import { systemClock } from '#shared/base/clock.ts';
import type { Charter } from '#shared/model/charter.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { DecidingRelay } from './deciding-relay.ts';
import { CRIMES, type Loot } from './owned-documents.ts';
import type { Attack } from './security.ts';
import {
  ACCEPT,
  actedAt,
  byKeys,
  deliver,
  makePeople,
  manifestFor,
  type People,
  sealedBy,
  startRelays,
  teamCharter,
  turnedClock,
  untilIdle,
} from './trust-estate.ts';

/** One device at each relay, within the cap of one batch: the way of a good order. */
async function control(relays: readonly DecidingRelay[], people: People) {
  const batch = await sealedBy(
    relays.map(({ relay }) => manifestFor(relay, 1, ACCEPT)),
    byKeys(people.key.ann),
  );
  const before = actedAt(relays);
  await deliver(relays, batch);
  return { batch, ran: actedAt(relays) - before };
}

const refusalsOf = ({ records }: DecidingRelay): number =>
  records.filter((record) => record.type === 'audit' && record.verb.endsWith('.refuse')).length;

function formerOf(charter: Charter, { key }: People): Charter {
  const former = {
    kind: 'cli-ed25519' as const,
    key: key.former.publicKey,
    name: 'former',
    role: 'technician' as const,
  };
  return { ...charter, version: 1, signers: [...charter.signers, former] };
}

export const attackConsoleOwned: Attack = async ({ isQuick, say }) => {
  const startedAt = systemClock.monotonic();
  const [count, documents] = isQuick ? [4, 4 * CRIMES.length] : [20, 1_000];
  await using folder = makeTempFolder('rmm-owned');
  const people = await makePeople();
  const charter = teamCharter(people);
  const relays = await startRelays(folder.path, count, { charter, people, clock: turnedClock() });
  const first = await control(relays, people);
  const before = actedAt(relays);
  const unaudited = new Map<string, number>();
  for (let n = 0; n < documents; n += 1) {
    const [what, commit] = CRIMES[n % CRIMES.length] ?? CRIMES[0] ?? ['nothing', async () => undefined];
    // Each relay meets each crime: the round shifts by one when all crimes were met once.
    const at = (n + Math.floor(n / CRIMES.length)) % count;
    const [relay, done] = [relays[at], first.batch[at]];
    if (relay === undefined || done === undefined) continue;
    const loot: Loot = {
      relay,
      others: relays.filter((one) => one !== relay),
      people,
      charter,
      done,
      former: formerOf(charter, people),
    };
    const told = refusalsOf(relay);
    await commit(loot);
    if (refusalsOf(relay) !== told + 1) unaudited.set(what, (unaudited.get(what) ?? 0) + 1);
  }
  await untilIdle(relays);
  const ran = actedAt(relays) - before;
  for (const [what, times] of unaudited) say(`not in the audit: ${what}, ${times} times`);
  const after = await control(relays, people);
  say(
    `${documents} documents of ${CRIMES.length} kinds: ${ran} ran; a good order ran at ${after.ran} relays afterwards`,
  );
  for (const relay of relays) await relay.stop();
  return {
    name: 'security console-owned',
    figures: {
      relays: count,
      documents,
      kinds: CRIMES.length,
      ran,
      unaudited: [...unaudited.values()].reduce((sum, times) => sum + times, 0),
      controlRan: Math.min(first.ran, after.ran),
    },
    durationMs: systemClock.monotonic() - startedAt,
  };
};
