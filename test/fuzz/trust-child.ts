// One share of `fuzz jws` or `fuzz manifest`: the n-th input of a seed is always the same mutation, whichever process makes it.
import { seededRandom, seedFrom } from '#test/fixtures/seeded-random.ts';
import { jwsCases, manifestCases, type TrustCases, type Verdict } from './trust-cases.ts';

export type TrustKind = 'jws' | 'manifest';
export type TrustTally = Record<Verdict | 'crashes', number>;
export type TrustReport =
  | { type: 'progress'; at: number }
  | { type: 'finding'; sentence: string }
  | { type: 'done'; tally: TrustTally };

const CASES: Readonly<Record<TrustKind, () => Promise<TrustCases>>> = { jws: jwsCases, manifest: manifestCases };
/** WebCrypto verifies on threads of its own: one input at a time would leave the process idle for half of the time. */
const AT_ONCE = 16;
const TELL_EVERY = 1_000;
/** More of the same help nobody. */
const MAX_TOLD = 20;

const report = (message: TrustReport) => void process.send?.(message);

async function runOne(cases: TrustCases, tally: TrustTally, { seed, n }: { seed: number; n: number }): Promise<void> {
  const tell = (what: string) => {
    if (tally.crashes + tally.different <= MAX_TOLD)
      report({ type: 'finding', sentence: `input ${n} of seed ${seed}: ${what}` });
  };
  try {
    const { verdict, input } = await cases.next(seededRandom(seedFrom(seed, n)));
    tally[verdict] += 1;
    if (verdict === 'different') tell(`taken: ${JSON.stringify(input).slice(0, 2_000)}`);
  } catch (error) {
    tally.crashes += 1;
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

async function run([kind, ...numbers]: readonly string[]): Promise<TrustTally> {
  const [seed = 0, from = 0, to = 0] = numbers.map(Number);
  const cases = await (kind === 'jws' ? CASES.jws() : CASES.manifest());
  const tally: TrustTally = { formless: 0, refused: 0, same: 0, different: 0, crashes: 0 };
  let next = from;
  const lane = async () => {
    while (next < to) {
      const n = next;
      next += 1;
      await runOne(cases, tally, { seed, n });
      if ((n + 1 - from) % TELL_EVERY === 0) report({ type: 'progress', at: n + 1 });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return tally;
}

report({ type: 'done', tally: await run(process.argv.slice(2)) });
process.disconnect();
