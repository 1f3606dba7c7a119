// `npm run fuzz -- frames [--quick] [--count N] [--seed S]`: hostile bytes against the decoders; prints one line, exits by its pass.
import { parseArgs } from 'node:util';
import { systemClock } from '#shared/base/clock.ts';
import { printResult } from '#test/result-line.ts';
import { fuzzFrames } from './frames.ts';

const FULL_COUNT = 1_000_000;
/** A few seconds. */
const QUICK_COUNT = 60_000;
const USAGE = 'usage: npm run fuzz -- frames [--quick] [--count N] [--seed S]\n';

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, count: { type: 'string' }, seed: { type: 'string' } },
    });
    const isQuick = values.quick ?? false;
    const count = Number(values.count ?? (isQuick ? QUICK_COUNT : FULL_COUNT));
    // A new seed each day finds new things; the same day's runs can be compared.
    const seed = Number(values.seed ?? Math.floor(systemClock.now() / 86_400_000));
    const isGood =
      positionals.join(' ') === 'frames' && Number.isSafeInteger(count) && count > 0 && Number.isSafeInteger(seed);
    return isGood ? { isQuick, count, seed } : undefined;
  } catch {
    return undefined;
  }
}

async function main(): Promise<boolean> {
  const options = readArguments();
  if (options === undefined) {
    process.stderr.write(USAGE);
    return false;
  }
  const start = systemClock.monotonic();
  const say = (line: string) => void process.stderr.write(`fuzz frames: ${line}\n`);
  const figures = await fuzzFrames({ count: options.count, seed: options.seed, say });
  return printResult({
    name: 'fuzz frames',
    figures,
    durationMs: systemClock.monotonic() - start,
    isQuick: options.isQuick,
    details: { seed: options.seed },
  }).pass;
}

process.exitCode = (await main()) ? 0 : 1;
