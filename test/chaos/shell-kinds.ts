// The kinds of runs of `chaos shells`: what each asks of the fake Windows host, and how it has to end.

import type { RunRequest, RunResult } from '#relay/transport/transport.ts';
import type { WinrmClient } from '#relay/transport/winrm/client.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { Outcome } from '#shared/base/outcome.ts';

export interface ShellRun {
  isRight: boolean;
  /** For a person, when it is not. */
  said: string;
  /** From the wish to stop to the outcome. */
  cancelMs?: number;
}

type Play = (client: WinrmClient, n: number, random: () => number) => Promise<ShellRun>;

const never = new AbortController().signal;

const run = (client: WinrmClient, script: string, over: Partial<RunRequest> = {}, signal = never) =>
  client.run({ script, timeoutMs: 60_000, maxOutputBytes: 100_000, ...over }, signal);

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

function shown(outcome: Outcome<RunResult>): string {
  if (!outcome.ok) return outcome.reason;
  const { end, stdout, stderr, isTruncated } = outcome.value;
  const code = end.kind === 'exit' ? end.code : end.kind;
  return `${code}|${textOf(stdout)}|${textOf(stderr)}${isTruncated ? '|truncated' : ''}`;
}

function judged(outcome: Outcome<RunResult>, expected: string | RegExp): ShellRun {
  const said = shown(outcome);
  const isRight = typeof expected === 'string' ? said === expected : expected.test(said);
  return { isRight, said: outcome.ok ? said.slice(0, 300) : outcome.detail };
}

const numbers = (sign: string) => Array.from({ length: 50 }, (_, i) => `${sign}${i}\n`).join('');

const cancelled: Play = async (client, _, random) => {
  const stop = new AbortController();
  const running = run(client, 'sim-hang', {}, stop.signal);
  // Before the shell is there, while it is made, and when it runs.
  await systemClock.sleep(random() * 60);
  const stoppedAt = systemClock.monotonic();
  stop.abort();
  const outcome = await running;
  return { ...judged(outcome, 'cancelled'), cancelMs: systemClock.monotonic() - stoppedAt };
};

const typed: Play = async (client, n) => {
  const opened = await client.openShell({ program: 'sim-cat' }, never);
  if (!opened.ok) return { isRight: false, said: opened.detail };
  const line = `zeile ${n} ü\r\n`;
  const parts: Uint8Array[] = [];
  await opened.value.write(Buffer.from(line), never);
  for await (const { bytes } of opened.value.output()) {
    parts.push(bytes);
    if (Buffer.concat(parts).length >= Buffer.byteLength(line)) break;
  }
  await opened.value.close();
  const said = Buffer.concat(parts).toString();
  return { isRight: said === line, said };
};

/** Every one starts one command, but for those that are cancelled before it begins: they start it too, on a host of ours, or none. */
export const KINDS: readonly [readonly [string, Play], ...(readonly [string, Play])[]] = [
  ['text', async (client, n) => judged(await run(client, `Write-Output 'grüße ${n}'`), `0|grüße ${n}\r\n|`)],
  ['exit code', async (client, n) => judged(await run(client, `exit ${n % 256}`), `${n % 256}||`)],
  ['an error nobody caught', async (client) => judged(await run(client, "throw 'näher'"), '1||näher\r\n')],
  ['two streams', async (client) => judged(await run(client, 'sim-interleave'), `3|${numbers('ö')}|${numbers('ü')}`)],
  ['silence', async (client) => judged(await run(client, 'sim-silence 250'), '0|before\r\nafter\r\n|')],
  ['cancelled', cancelled],
  ['over its time', async (client) => judged(await run(client, 'sim-hang', { timeoutMs: 150 }), 'timed-out')],
  ['over its cap', async (client) => judged(await run(client, 'sim-flood 1', { maxOutputBytes: 1_000 }), 'too-large')],
  [
    'kept in part',
    async (client) =>
      judged(await run(client, 'sim-flood 1', { maxOutputBytes: 50, keepTruncated: true }), /^0\|.{50}\|\|truncated$/),
  ],
  [
    'variables',
    async (client) =>
      judged(
        await run(client, 'Write-Output $env:TOKEN', { variables: new Map([['TOKEN', "geheim 'x' 123"]]) }),
        '0|***\r\n|',
      ),
  ],
  ['typed', typed],
];
