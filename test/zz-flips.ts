import { flipBits } from './chaos/metric-flips.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { mkdtempSync } from 'node:fs';
for (const tiers of [['hours'], ['raw', 'days'], ['archive']] as const) {
  const t = performance.now();
  console.log(tiers, flipBits({ folder: mkdtempSync('/tmp/files-f-'), tiers, devices: 12, hours: 6, flips: Number(process.argv[2] ?? 150), random: seededRandom(5) }), (performance.now() - t).toFixed(0));
}
