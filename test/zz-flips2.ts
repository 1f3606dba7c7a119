import { flipBits } from './chaos/metric-flips.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { mkdtempSync } from 'node:fs';
// random() first call picks byte: bias to page heads
const r = seededRandom(Number(process.argv[3] ?? 5)); let n = 0; const size = 32768;
const pages = Number(process.argv[4] ?? 25);
const random = () => { n += 1; if (n % 2 === 1) { const page = Math.floor(r() * pages); const at = page * size + (r() < 0.85 ? Math.floor(r() * 120) : size - 1 - Math.floor(r() * 1200)); return (at + 0.5) / (pages * size); } return r(); };
console.log(flipBits({ folder: mkdtempSync('/tmp/files-f-'), tiers: ['hours'], devices: 12, hours: 6, flips: Number(process.argv[2] ?? 150), random }));
