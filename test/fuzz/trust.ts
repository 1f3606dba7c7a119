// `fuzz jws` and `fuzz manifest`: mutations of what human keys signed; none may be taken that says anything else.
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import type { Figures } from '#test/judge.ts';
import { jwsCases, manifestCases, type TrustCases } from './trust-cases.ts';

export interface TrustFuzzOptions {
  kind: 'jws' | 'manifest';
  count: number;
  seed: number;
  say: (line: string) => void;
}

const CASES: Readonly<Record<TrustFuzzOptions['kind'], () => Promise<TrustCases>>> = {
  jws: jwsCases,
  manifest: manifestCases,
};

export async function fuzzTrust({ kind, count, seed, say }: TrustFuzzOptions): Promise<Figures> {
  const cases = await CASES[kind]();
  const random = seededRandom(seed);
  const counted = { refused: 0, same: 0, different: 0 };
  let crashes = 0;
  for (let n = 1; n <= count; n += 1) {
    try {
      const { verdict, input } = await cases.next(random);
      counted[verdict] += 1;
      if (verdict === 'different') say(`taken, input ${n} of seed ${seed}: ${JSON.stringify(input).slice(0, 2_000)}`);
    } catch (error) {
      crashes += 1;
      say(`input ${n} of seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    if (n % 100_000 === 0) say(`${n} of ${count} inputs`);
  }
  return {
    inputs: count,
    acceptedOther: counted.different,
    crashes,
    refused: counted.refused,
    unchanged: counted.same,
  };
}
