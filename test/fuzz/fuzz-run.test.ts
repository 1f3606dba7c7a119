// The fuzzer sees what it is there to see: a throw, a pause that repeats, memory that grows; and its inputs can be made again.
import { expect, test } from 'vitest';
import { decodeFrame } from '#shared/protocol/wire-codec.ts';
import { SAMPLE_FRAMES } from '#test/fixtures/sample-frames.ts';
import { fuzzInput } from './frame-inputs.ts';
import { type FuzzOptions, runFuzz } from './fuzz-run.ts';
import { packAnything } from './mutate.ts';

/** A run of a hundred inputs on a clock that only moves when `pauseMs` says so. */
function runOf(change: Partial<FuzzOptions>, pauseMs: (n: number) => number = () => 1) {
  let now = 0;
  const findings: string[] = [];
  const fuzz = change.fuzz ?? (() => {});
  const figures = runFuzz({
    count: 100,
    seed: 7,
    clock: { monotonic: () => now },
    residentBytes: () => 2 ** 20,
    onProgress: () => {},
    onFinding: (sentence) => findings.push(sentence),
    ...change,
    fuzz: (seed, n) => {
      now += pauseMs(n);
      fuzz(seed, n);
    },
  });
  return { figures, findings };
}

test('a quiet run counts its inputs and nothing else', () => {
  const { figures, findings } = runOf({});
  expect(figures).toMatchObject({ inputs: 100, crashes: 0, hangs: 0, slowestMs: 1, rssGrowth: 1 });
  expect(findings).toEqual([]);
});

test('each throw is a crash, told with the seed and number that make it again', () => {
  const { figures, findings } = runOf({
    fuzz: (_seed, n) => {
      if (n % 40 === 3) throw new RangeError('out of bounds');
    },
  });
  expect(figures['crashes']).toBe(3);
  expect(findings[0]).toContain('input 3 of seed 7: RangeError: out of bounds');
});

test('an input that is slow again when repeated is a hang; one that was slow once is not', () => {
  let isFirst = true;
  const { figures } = runOf({}, (n) => {
    if (n === 10) return 5_000;
    if (n === 20 && isFirst) {
      isFirst = false;
      return 5_000;
    }
    return 1;
  });
  expect(figures['hangs']).toBe(1);
  expect(figures['slowestMs']).toBe(5_000);
});

test('memory after the second half is set against memory after the first', () => {
  const sizes = [100 * 2 ** 20, 150 * 2 ** 20];
  expect(runOf({ residentBytes: () => sizes.shift() ?? 0 }).figures).toMatchObject({ rssGrowth: 1.5, rssFirstMb: 100 });
});

test('two thousand hostile inputs are answered without a crash', () => {
  for (let n = 0; n < 2_000; n += 1) fuzzInput(1, n);
});

test('strange frames reach behind the head: a good body packed the strange way is taken', () => {
  const { id, type, body } = SAMPLE_FRAMES.GAP;
  expect(decodeFrame(packAnything({ id, type, body }), { from: 'relay', state: 'open' }).ok).toBe(true);
});
