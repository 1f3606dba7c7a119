// Pings by Debian's fping, which may send ICMP where we may not; undefined where it is missing or may not either.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { Ping } from '#shared/model/probe.ts';

const COUNT = 3;
/** Between two packets: three of them and the last answer take 1.3 s. */
const PERIOD_MS = 300;
const ANSWER_MS = 700;
/** Twice what it needs. */
const DEADLINE_MS = 2_600;
/** One line with three numbers. */
const MAX_OUTPUT_BYTES = 4_096;
/** Never by a search path: what runs with more rights than ours has to be the system's own. */
const FPING_FILES = ['/usr/bin/fping', '/usr/sbin/fping', '/usr/local/bin/fping', '/usr/local/sbin/fping'] as const;

export const findFping = (isThere: (file: string) => boolean = existsSync): string | undefined =>
  FPING_FILES.find(isThere);

export interface PingDeps {
  clock: Clock;
  signal: AbortSignal;
  /** Where fping is; undefined when it is not installed. */
  fping: string | undefined;
}

/** `address` is a literal one: no name and no option can be meant. */
export async function pingByFping(address: string, { clock, signal, fping }: PingDeps): Promise<Ping | undefined> {
  if (fping === undefined) return undefined;
  const args = ['-C', `${COUNT}`, '-q', '-p', `${PERIOD_MS}`, '-t', `${ANSWER_MS}`, address];
  using deadline = startDeadline(clock, DEADLINE_MS, signal);
  const ended = await run(fping, args, deadline.signal);
  // 0: all answered; 1: some did not; more: it could not ask, for want of rights most likely.
  if (ended.code !== 0 && ended.code !== 1) return undefined;
  return readFping(ended.output);
}

/** `192.0.2.7 : 0.47 0.06 -`: milliseconds, or a dash for no answer. Undefined when there is no such line. */
export function readFping(output: string): Ping | undefined {
  const line = /^\S+ +:((?: +(?:\d+(?:\.\d+)?|-))+) *$/m.exec(output)?.[1];
  if (line === undefined) return undefined;
  const times = line
    .trim()
    .split(/ +/)
    .filter((word) => word !== '-')
    .map(Number);
  if (times.length === 0) return { answered: false, method: 'icmp' };
  return { answered: true, method: 'icmp', bestMs: Math.min(...times), averageMs: averageOf(times) };
}

export const averageOf = (times: readonly number[]): number =>
  Math.round((times.reduce((sum, ms) => sum + ms, 0) / times.length) * 100) / 100;

function run(file: string, args: readonly string[], signal: AbortSignal): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    // fping writes its counts to standard error; nothing of our environment concerns it.
    const child = spawn(file, [...args], { stdio: ['ignore', 'ignore', 'pipe'], env: { LC_ALL: 'C' }, signal });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (part: string) => {
      output = (output + part).slice(0, MAX_OUTPUT_BYTES);
    });
    child.once('error', () => resolve({ code: -1, output: '' }));
    child.once('close', (code) => resolve({ code: code ?? -1, output }));
  });
}
