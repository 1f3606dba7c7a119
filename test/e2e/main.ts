// `npm run e2e -- <name> [--quick] [--seed S]`: whole sites that something happens to; prints one line, exits by its pass.
import { parseArgs } from 'node:util';
import { systemClock } from '#shared/base/clock.ts';
import type { Chaos } from '#test/chaos/chaos.ts';
import { printResult } from '#test/result-line.ts';

/** Loaded when asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Chaos>>> = {
  latency: async () => (await import('./latency.ts')).latency,
  noise: async () => (await import('./noise.ts')).noise,
  outage: async () => (await import('./outage.ts')).outage,
  queue: async () => (await import('./queue.ts')).queue,
  thresholds: async () => (await import('./thresholds.ts')).thresholds,
};

function readArguments() {
  try {
    const options = { quick: { type: 'boolean' }, seed: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const load = COMMANDS[positionals.join(' ')];
    // A new seed each run finds new things; the one printed repeats it.
    const seed = Number(values.seed ?? systemClock.now() % 2 ** 31);
    return load === undefined || !Number.isSafeInteger(seed)
      ? undefined
      : { load, seed, isQuick: values.quick ?? false };
  } catch {
    return undefined;
  }
}

async function main(): Promise<boolean> {
  const options = readArguments();
  if (options === undefined) {
    process.stderr.write(`usage: npm run e2e -- <${Object.keys(COMMANDS).join('|')}> [--quick] [--seed S]\n`);
    return false;
  }
  const { load, ...rest } = options;
  const trial = await load();
  const run = await trial({ ...rest, say: (line) => void process.stderr.write(`${line}\n`) });
  return printResult({ ...run, isQuick: rest.isQuick }).pass;
}

process.exitCode = (await main()) ? 0 : 1;
