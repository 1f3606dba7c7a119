// A relay tells the same trouble a thousand times within five minutes, each time as a new one: what the console makes of it.
import { systemClock } from '#shared/base/clock.ts';
import { FindingId, newId } from '#shared/base/id.ts';
import type { Finding } from '#shared/model/finding.ts';
import type { ChaosOptions } from '#test/chaos/chaos.ts';
import type { Figures } from '#test/judge.ts';
import { FindingRelay } from './finding-relay.ts';
import { startWatchRig } from './watch-rig.ts';

const REPEATS = 1_000;
const WITHIN_MS = 300_000;
const PATIENCE_MS = 60_000;

export async function repeats({ seed, say }: Pick<ChaosOptions, 'seed' | 'say'>): Promise<Figures> {
  await using rig = await startWatchRig({ sites: 1, devices: 1, seed, say, atLeast: ['high'] });
  await rig.quiet(3_000);
  const { program, folder } = rig.relay(0);
  // In its place comes one that has its identity and says what we want.
  await program.stop();
  const device = rig.device(0, 0);
  const mark = rig.sink.mails.length;
  await using relay = new FindingRelay(folder);
  relay.start();
  const begun = systemClock.now() - WITHIN_MS;
  for (let n = 0; n < REPEATS; n += 1) {
    const at = begun + Math.floor((n * WITHIN_MS) / REPEATS);
    const finding = FindingId.parse(newId(at));
    const record: Finding = {
      ...{ type: 'finding', finding, device, check: 'lab.repeated', instance: '', state: 'open', step: 1 },
      ...{ severity: 'high', at, since: at, detail: `told for the ${n + 1}th time`, count: 1 },
    };
    relay.tell(record);
  }
  await relay.delivered(PATIENCE_MS);
  const list = async () =>
    (await rig.estate.api.alerts.list({ state: 'any', deviceId: device, check: 'lab.repeated', limit: 200 })).items;
  const items = await rig.until(list, (some) => some.some(({ count }) => count >= REPEATS), PATIENCE_MS);
  await rig.sink.until(1, PATIENCE_MS, () => rig.mailsSince(mark));
  await rig.quiet(10_000);
  return { repeatAlerts: items.length, repeatCount: items[0]?.count ?? 0, repeatTold: rig.mailsSince(mark).length };
}
