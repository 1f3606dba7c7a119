// The programs as they are released: build/rmm.cjs and build/relay.cjs, and the pages beside them, built again when a source is newer.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { systemClock } from '#shared/base/clock.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { signalProcess } from '#test/peers/process-tree.ts';

const exec = promisify(execFile);

export interface Bundles {
  rmm: string;
  relay: string;
}

const RMM = path.join(PROJECT, 'build', 'rmm.cjs');
const RELAY = path.join(PROJECT, 'build', 'relay.cjs');
/** Holds the pid of who builds: two suites at once must not run what the other one is writing. */
const LOCK = path.join(PROJECT, 'build', 'programs.lock');

export async function ensureBundles(say: (line: string) => void): Promise<Bundles> {
  mkdirSync(path.dirname(LOCK), { recursive: true });
  for (;;) {
    if (isBeingBuilt()) await systemClock.sleep(200);
    else if (newestSource() <= Math.min(writtenAt(RMM), writtenAt(RELAY))) return { rmm: RMM, relay: RELAY };
    else await buildAlone(say);
  }
}

/** The command line, with the pages that its console shows; before the suites begin, since two at once would copy over each other. */
export async function ensureRmm(say: (line: string) => void): Promise<string> {
  await buildWebIfChanged(PROJECT);
  const [from, to] = [path.join(PROJECT, 'console/web/dist'), path.join(PROJECT, 'build', 'web')];
  const stampOf = (folder: string) => readFileSync(path.join(folder, '.sources'), 'utf8');
  if (!existsSync(path.join(to, '.sources')) || stampOf(to) !== stampOf(from)) {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
  }
  return (await ensureBundles(say)).rmm;
}

/** Does nothing when another process took the lock first. */
async function buildAlone(say: (line: string) => void): Promise<void> {
  try {
    writeFileSync(LOCK, `${process.pid}`, { flag: 'wx' });
  } catch {
    return; // taken; the next look waits for it
  }
  try {
    say('building the programs ...');
    await exec(process.execPath, ['--import', 'tsx', path.join(PROJECT, 'build.ts'), 'programs'], { cwd: PROJECT });
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** A lock whose holder was killed is none. */
function isBeingBuilt(): boolean {
  let pid: number;
  try {
    pid = Number(readFileSync(LOCK, 'utf8'));
  } catch {
    return false; // there is none
  }
  // Empty: it is being written this moment.
  if (pid === 0 || signalProcess(pid, 0)) return true;
  rmSync(LOCK, { force: true });
  return false;
}

const writtenAt = (file: string): number => (existsSync(file) ? statSync(file).mtimeMs : 0);

/** When a file that goes into the programs changed last. */
function newestSource(): number {
  const roots = ['shared', 'relay', 'console'].map((room) => path.join(PROJECT, room));
  const files = roots.flatMap((root) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.includes('.test.'))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  const top = ['rmm.ts', 'rmm-program.ts', 'build.ts', 'package-lock.json'].map((name) => path.join(PROJECT, name));
  return Math.max(...[...files, ...top].map((file) => statSync(file).mtimeMs));
}
