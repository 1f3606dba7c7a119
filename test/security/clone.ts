// Copies of relays' data folders come to life beside the true ones: both are fenced, one alarm each, and nobody else is touched.
import { systemClock } from '#shared/base/clock.ts';
import {
  type ConsoleKit,
  consoleKit,
  enrolRelay,
  listen,
  TestLink,
  type TestRelay,
} from '#test/fixtures/console-kit.ts';
import { Ending } from './ending.ts';
import type { Attack } from './security.ts';

const RELAYS = { full: 20, quick: 4 };
/** Another machine has another clock since its start. */
const OTHER_RUN_MS = 1e9;
/** An alarm is stored a moment after both were cut off. */
const ALARM_MS = 2_000;

async function greeted(kit: ConsoleKit, port: number, relay: TestRelay, mono = performance.now()): Promise<TestLink> {
  const link = await new TestLink(port, kit.authority.certificatePem, relay).opened();
  await link.greet({ mono });
  return link;
}

const isRefused = (kit: ConsoleKit, port: number, relay: TestRelay): Promise<boolean> =>
  greeted(kit, port, relay).then(
    (link) => {
      link.ws.terminate();
      return false;
    },
    () => true,
  );

export const attackClone: Attack = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using ending = new Ending();
  const kit = await consoleKit(ending.add);
  const { port } = await listen(kit, ending.add);
  const count = isQuick ? RELAYS.quick : RELAYS.full;
  const relays = await Promise.all(Array.from({ length: count }, (_, n) => enrolRelay(kit, `copied-${n}`)));
  const bystander = await greeted(kit, port, await enrolRelay(kit, 'bystander'));
  const originals = await Promise.all(relays.map((relay) => greeted(kit, port, relay)));
  const copies = await Promise.all(relays.map((relay) => greeted(kit, port, relay, performance.now() + OTHER_RUN_MS)));
  const cut = await Promise.all([...originals, ...copies].map((link) => link.ended()));
  say(`${cut.length} connections were cut off`);
  const kept = await Promise.all(relays.map((relay) => isRefused(kit, port, relay)));
  await systemClock.sleep(ALARM_MS);
  const alarms = await kit.store.db
    .selectFrom('event')
    .select('code')
    .where('code', '=', 'identity-changed')
    .where('severity', '=', 'critical')
    .execute();
  for (const relay of relays) kit.registry.release(relay.id);
  const back = await Promise.all(relays.map((relay) => isRefused(kit, port, relay)));
  return {
    name: 'security clone',
    figures: {
      clones: count,
      fenced: cut.filter(({ reason }) => reason === 'identity-changed').length / 2,
      keptOut: kept.filter(Boolean).length,
      alarms: alarms.length,
      bystandersCut: bystander.closed === undefined ? 0 : 1,
      releasedRefused: back.filter(Boolean).length,
    },
    durationMs: systemClock.monotonic() - begin,
  };
};
