// `npm test`: peers, then unit, architecture and end-to-end tests, then the quick form of every chaos, fuzz, bench and security command.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';
import { REPORT_VARIABLE } from './failure-reporter.ts';
import { installPeers } from './peers/install.ts';
import { QUICK_COMMANDS, type QuickCommand } from './quick-commands.ts';
import {
  afterRepeating,
  closingLines,
  commandReport,
  filesToRepeat,
  type Part,
  type SuiteReport,
  suiteReport,
} from './run-report.ts';

// 15 min: what hangs is found, and a busy machine may take twice as long as a quiet one.
const PART_MS = 900_000;
/** A quick command promises 20 s; one that does not end is found while somebody still waits. */
const QUICK_MS = 180_000;
const KILL_AFTER_MS = 5_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

interface RunOptions {
  env?: Readonly<Record<string, string>>;
  /** Takes what the command prints; without it that goes to our terminal at once. */
  onOutput?: (text: string) => void;
  forMs?: number;
}

/** Runs a command; resolves with its exit code, null when a signal or its deadline ended it. */
async function run(
  argv: readonly [string, ...string[]],
  { env, onOutput, forMs = PART_MS }: RunOptions = {},
): Promise<number | null> {
  const [file, ...args] = argv;
  const ended = new AbortController();
  const out = onOutput === undefined ? 'inherit' : 'pipe';
  const child = spawn(file, args, { stdio: ['inherit', out, out], env: { ...process.env, ...env } });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput ?? say);
  const late = (ms: number, signal: NodeJS.Signals) =>
    systemClock.sleep(ms, ended.signal).then(
      () => child.kill(signal),
      () => undefined, // it ended in time
    );
  void late(forMs, 'SIGTERM');
  void late(forMs + KILL_AFTER_MS, 'SIGKILL');
  try {
    return await new Promise((resolve) => {
      child.on('error', (error) => {
        say(`${file} does not start: ${error.message}`);
        resolve(null);
      });
      child.on('close', resolve);
    });
  } finally {
    ended.abort();
  }
}

async function timed(name: string, act: () => Promise<SuiteReport>): Promise<Part> {
  say(`\n== ${name}`);
  const startedAt = systemClock.monotonic();
  const report = await act();
  return { name, ...report, durationMs: systemClock.monotonic() - startedAt };
}

function readReport(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // vitest fell over before it wrote one
  }
}

async function vitest(folder: string, projects: readonly string[], more: readonly string[] = []): Promise<SuiteReport> {
  const report = path.join(folder, `${projects.join('-')}.json`);
  rmSync(report, { force: true });
  const code = await run(
    [
      process.execPath,
      'node_modules/vitest/vitest.mjs',
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=dot',
      '--reporter=./test/failure-reporter.ts',
      ...more,
    ],
    { env: { [REPORT_VARIABLE]: report } },
  );
  return suiteReport(readReport(report), code);
}

/** What waits for peers and pages may starve beside the others: a file that fails is run once more, with the machine to itself. */
async function withSecondRun(first: SuiteReport, again: (files: readonly string[]) => Promise<SuiteReport>) {
  const files = filesToRepeat(first);
  if (files.length === 0) return first;
  say(`once more, alone: ${files.join(', ')}`);
  return afterRepeating(first, await again(files));
}

const runChecked = (folder: string): Promise<Part> =>
  timed('unit and architecture', () => vitest(folder, ['unit', 'architecture']));

const runPeers = (folder: string): Promise<Part> =>
  timed('e2e', async () =>
    withSecondRun(await vitest(folder, ['e2e']), (files) => vitest(folder, ['e2e'], ['--maxWorkers=1', ...files])),
  );

const runQuick = (command: QuickCommand): Promise<Part> =>
  timed(command.name, async () => commandReport(command.name, await run(command.argv, { forMs: QUICK_MS })));

/**
 * Says yes or no, times what a machine does for seconds, or has short forms whose limits leave room: nothing that another command beside
 * it would spoil.
 */
const isYesOrNo = ({ name }: QuickCommand): boolean =>
  /^(?:fuzz|security|chaos (?:kill|queue|selfcheck|shells|metrics|smb|alerts|offline|command)$)/.test(name) ||
  /^bench (?:codec|ingest|scale|seal|unlink|spool|backfill|query|wire|smb|lab)$/.test(name);

/** Two at a time; what each prints stands together. */
async function runBeside(commands: readonly QuickCommand[]): Promise<Part[]> {
  const waiting = [...commands];
  const parts: Part[] = [];
  const worker = async () => {
    for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
      const { name, argv } = command;
      const startedAt = systemClock.monotonic();
      let printed = '';
      const code = await run(argv, { forMs: QUICK_MS, onOutput: (text) => (printed += text) });
      say(`\n== ${name}\n${printed.trimEnd()}`);
      parts.push({ name, ...commandReport(name, code), durationMs: systemClock.monotonic() - startedAt });
    }
  };
  await Promise.all([worker(), worker()]);
  return parts;
}

const withoutPeer = (name: string): Part => ({
  ...{ name, passed: 0, failed: 1, durationMs: 0, skipped: [] },
  faults: [{ where: name, why: 'is missing, and tests need it' }],
});

async function runAll(): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const missing = installPeers(say);
  for (const peer of missing) parts.push(withoutPeer(`peer ${peer}`));
  const folder = mkdtempSync(path.join(tmpdir(), 'rmm-report-'));
  try {
    if (process.env['RMM_CHECKED'] === undefined) parts.push(await runChecked(folder));
    else say('unit and architecture tests: `npm run check` has just run them');
    // By themselves: they measure, and what else runs would be in the figures.
    parts.push(await runPeers(folder));
    parts.push(...(await runBeside(QUICK_COMMANDS.filter(isYesOrNo))));
    for (const command of QUICK_COMMANDS) if (!isYesOrNo(command)) parts.push(await runQuick(command));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return parts;
}

const parts = await runAll();
say('');
process.stdout.write(closingLines(parts));
process.exitCode = parts.some((part) => part.failed > 0) ? 1 : 0;
