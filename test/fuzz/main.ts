// `npm run fuzz -- frames|chunks|jws|manifest|api|winrm|smb [--quick] [--count N] [--seed S]`: hostile inputs; prints one line, exits by its pass.
import { parseArgs } from 'node:util';
import { systemClock } from '#shared/base/clock.ts';
import type { Figures } from '#test/judge.ts';
import { printResult } from '#test/result-line.ts';

interface Options {
  count: number;
  seed: number;
  say: (line: string) => void;
}

interface Fuzz {
  run: (options: Options) => Promise<Figures>;
  /** A few seconds. */
  quickCount: number;
  /** A million where nothing else is said. */
  fullCount?: number;
}

/** Loaded when asked for. */
const FUZZES: Readonly<Record<string, Fuzz>> = {
  // For each operation that the console describes.
  api: { quickCount: 6, fullCount: 1_000, run: async (options) => (await import('./api.ts')).fuzzApi(options) },
  frames: {
    quickCount: 60_000,
    run: async (options) => (await import('./bytes.ts')).fuzzBytes({ kind: 'frames', ...options }),
  },
  chunks: {
    quickCount: 4_000,
    run: async (options) => (await import('./bytes.ts')).fuzzBytes({ kind: 'chunks', ...options }),
  },
  jws: {
    quickCount: 5_000,
    run: async (options) => (await import('./trust.ts')).fuzzTrust({ kind: 'jws', ...options }),
  },
  manifest: {
    quickCount: 5_000,
    run: async (options) => (await import('./trust.ts')).fuzzTrust({ kind: 'manifest', ...options }),
  },
  winrm: {
    quickCount: 200,
    fullCount: 10_000,
    run: async (options) => (await import('./winrm.ts')).fuzzWinrm(options),
  },
  smb: { quickCount: 400, fullCount: 10_000, run: async (options) => (await import('./smb.ts')).fuzzSmb(options) },
};

const FULL_COUNT = 1_000_000;
const USAGE = `usage: npm run fuzz -- <${Object.keys(FUZZES).join('|')}> [--quick] [--count N] [--seed S]\n`;

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, count: { type: 'string' }, seed: { type: 'string' } },
    });
    const isQuick = values.quick ?? false;
    const name = positionals.join(' ');
    const fuzz = FUZZES[name];
    const count = Number(values.count ?? (isQuick ? fuzz?.quickCount : (fuzz?.fullCount ?? FULL_COUNT)));
    // A new seed each day finds new things; the same day's runs can be compared.
    const seed = Number(values.seed ?? Math.floor(systemClock.now() / 86_400_000));
    const isGood = Number.isSafeInteger(count) && count > 0 && Number.isSafeInteger(seed);
    return isGood && fuzz !== undefined ? { name, fuzz, isQuick, count, seed } : undefined;
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
  const { name, fuzz, isQuick, count, seed } = options;
  const start = systemClock.monotonic();
  const say = (line: string) => void process.stderr.write(`fuzz ${name}: ${line}\n`);
  const figures = await fuzz.run({ count, seed, say });
  const durationMs = systemClock.monotonic() - start;
  return printResult({ name: `fuzz ${name}`, figures, durationMs, isQuick, details: { seed } }).pass;
}

process.exitCode = (await main()) ? 0 : 1;
