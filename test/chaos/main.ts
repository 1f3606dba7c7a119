// `npm run chaos -- <name> [--quick] [--seconds N] [--seed S]`: breaks things on purpose, prints one line, exits by its pass.
import { parseArgs } from 'node:util';
import { systemClock } from '#shared/base/clock.ts';
import { printResult } from '#test/result-line.ts';
import type { Chaos } from './chaos.ts';

/** Loaded when asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Chaos>>> = {
  alerts: async () => (await import('./alerts.ts')).alerts,
  cancel: async () => (await import('./cancel.ts')).cancel,
  command: async () => (await import('./command.ts')).command,
  kill: async () => (await import('./kill.ts')).kill,
  metrics: async () => (await import('./metrics.ts')).metrics,
  offline: async () => (await import('./offline.ts')).offline,
  queue: async () => (await import('./queue.ts')).queue,
  smb: async () => (await import('./smb.ts')).smb,
  selfcheck: async () => (await import('./selfcheck.ts')).selfcheck,
  shells: async () => (await import('./shells.ts')).shells,
};

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, seconds: { type: 'string' }, seed: { type: 'string' } },
    });
    const load = COMMANDS[positionals.join(' ')];
    const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
    // A new seed each run finds new things; the one printed repeats it.
    const seed = Number(values.seed ?? systemClock.now() % 2 ** 31);
    const isGood = Number.isSafeInteger(seed) && (seconds === undefined || (seconds > 0 && seconds <= 86_400));
    return load === undefined || !isGood ? undefined : { load, seconds, seed, isQuick: values.quick ?? false };
  } catch {
    return undefined;
  }
}

async function main(): Promise<boolean> {
  const options = readArguments();
  if (options === undefined) {
    const names = Object.keys(COMMANDS).join('|');
    process.stderr.write(`usage: npm run chaos -- <${names}> [--quick] [--seconds N] [--seed S]\n`);
    return false;
  }
  const { load, seconds, ...rest } = options;
  const chaos = await load();
  const run = await chaos({
    ...rest,
    ...(seconds === undefined ? {} : { seconds }),
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  return printResult({ ...run, isQuick: rest.isQuick }).pass;
}

process.exitCode = (await main()) ? 0 : 1;
