// `npm test`: peers, then unit, architecture and end-to-end tests, then the quick form of every chaos, fuzz, bench and security command.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';
import { installPeers } from './peers/install.ts';
import { QUICK_COMMANDS, type QuickCommand } from './quick-commands.ts';
import { closingLines, type Part, vitestCounts } from './run-report.ts';

// 15 min: what hangs is found, and a busy machine may take twice as long as a quiet one.
const PART_MS = 900_000;
const KILL_AFTER_MS = 5_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Runs a command in our terminal; resolves with its exit code, null when a signal or its deadline ended it. */
async function run(argv: readonly [string, ...string[]]): Promise<number | null> {
  const [file, ...args] = argv;
  const ended = new AbortController();
  const child = spawn(file, args, { stdio: 'inherit' });
  const late = (ms: number, signal: NodeJS.Signals) =>
    systemClock.sleep(ms, ended.signal).then(
      () => child.kill(signal),
      () => undefined, // it ended in time
    );
  void late(PART_MS, 'SIGTERM');
  void late(PART_MS + KILL_AFTER_MS, 'SIGKILL');
  try {
    return await new Promise((resolve) => {
      child.on('error', (error) => {
        say(`${file} does not start: ${error.message}`);
        resolve(null);
      });
      child.on('exit', resolve);
    });
  } finally {
    ended.abort();
  }
}

async function timed(name: string, act: () => Promise<{ passed: number; failed: number }>): Promise<Part> {
  say(`\n== ${name}`);
  const startedAt = systemClock.monotonic();
  const counts = await act();
  return { name, ...counts, durationMs: systemClock.monotonic() - startedAt };
}

function readReport(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // vitest fell over before it wrote one
  }
}

function runVitest(folder: string, ...projects: string[]): Promise<Part> {
  const name = projects.join(' and ');
  return timed(name, async () => {
    const report = path.join(folder, `${projects.join('-')}.json`);
    const code = await run([
      process.execPath,
      'node_modules/vitest/vitest.mjs',
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    return vitestCounts(readReport(report), code);
  });
}

const runQuick = (command: QuickCommand): Promise<Part> =>
  timed(command.name, async () =>
    (await run(command.argv)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
  );

async function runAll(): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const missing = installPeers(say);
  for (const peer of missing) parts.push({ name: `peer ${peer} is missing`, passed: 0, failed: 1, durationMs: 0 });
  const folder = mkdtempSync(path.join(tmpdir(), 'rmm-report-'));
  try {
    parts.push(await runVitest(folder, 'unit', 'architecture'));
    // By themselves: they measure, and what else runs would be in the figures.
    parts.push(await runVitest(folder, 'e2e'));
    for (const command of QUICK_COMMANDS) parts.push(await runQuick(command));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return parts;
}

const parts = await runAll();
say('');
process.stdout.write(closingLines(parts));
process.exitCode = parts.some((part) => part.failed > 0) ? 1 : 0;
