// A fresh clone under another Node than the one that runs here: its package is fetched as any other, and the clone is installed with it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';

/** The newest of the line that released artefacts embed which does not abort better-sqlite3 12. */
export const RELEASE_NODE = '24.18.1';

type Argv = readonly [string, ...string[]];

async function run([file, ...args]: Argv, cwd: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const child = spawn(file, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new AppError('internal', `${[file, ...args].join(' ')}: ended with ${code}`);
}

export interface OtherNode {
  /** The clone, installed. */
  readonly tree: string;
  /** Runs a command in the clone under that Node; throws when it does not end with 0. */
  run(argv: Argv): Promise<void>;
}

/** What is committed of `project`, under Node `version` ("24.18.1"); all of it is removed when `use` has ended. */
export async function withOtherNode(
  project: string,
  version: string,
  use: (other: OtherNode) => Promise<void>,
): Promise<void> {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new AppError('bad-request', `"${version}" is no version of Node (x.y.z)`);
  const folder = await mkdtemp(path.join(tmpdir(), 'rmm-other-node-'));
  try {
    const name = `node-${process.platform}-${process.arch}`;
    await run(['npm', 'pack', '--silent', `${name}@${version}`], folder);
    await run(['tar', 'xzf', `${name}-${version}.tgz`], folder);
    const home = path.join(folder, 'package');
    const tree = path.join(folder, 'tree');
    await run(['git', 'clone', '--quiet', project, tree], folder);
    // npm is found where it is, and runs under the Node that stands first in the path; its headers build the native module.
    const env = { PATH: `${path.join(home, 'bin')}:${process.env['PATH'] ?? ''}`, npm_config_nodedir: home };
    await run(['npm', 'ci', '--no-audit', '--no-fund'], tree, env);
    await use({ tree, run: (argv) => run(argv, tree, env) });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
