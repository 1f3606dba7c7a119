// The one JSON line a chaos, fuzz, bench or security command prints on stdout; progress and reasons go to stderr.
import os from 'node:os';
import { type Figures, type Judgement, judge } from './judge.ts';
import { type Limits, limitsOf } from './limits.ts';

export interface Run {
  /** "command subcommand", the key of its limits. */
  name: string;
  figures: Figures;
  durationMs: number;
  isQuick?: boolean;
  /** Context worth keeping beside the figures: seed, versions, data checksum. */
  details?: Readonly<Record<string, string | number | boolean>>;
  /** Only when they are not those of test/limits.ts. */
  limits?: Limits;
}

/** What a figure was measured on; the load says how much else ran meanwhile. */
function describeMachine() {
  const cpus = os.cpus();
  return {
    cores: cpus.length,
    cpu: cpus[0]?.model ?? 'unknown',
    memoryMiB: Math.round(os.totalmem() / 2 ** 20),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    load: os.loadavg().map((value) => Math.round(value * 100) / 100),
  };
}

/** Judges the run, prints its line, and returns the judgement: the entry file sets the exit code by `pass`. */
export function printResult(run: Run): Judgement {
  const { name, figures, durationMs, isQuick = false, details } = run;
  const limits = run.limits ?? limitsOf(name, isQuick);
  const judgement = judge(name, figures, limits);
  for (const sentence of judgement.broken) process.stderr.write(`${sentence}\n`);
  const bounds = Object.fromEntries(Object.entries(limits).map(([figure, { max, min }]) => [figure, { max, min }]));
  const line = {
    name,
    ...(isQuick ? { quick: true } : {}),
    figures,
    limits: bounds,
    machine: describeMachine(),
    durationMs: Math.round(durationMs),
    ...(details === undefined ? {} : { details }),
    pass: judgement.pass,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return judgement;
}
