// The tests on another Node: its package is fetched as any other, a fresh clone is installed with it, and vitest runs under it.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT } from '#test/architecture/source-files.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';

/** The line that released artefacts are to embed. */
const VERSION = '24.18.1';
/** Vectors, codecs, judging and trust; then what speaks to real peers. */
const TESTS = [
  ['--project', 'unit', '--project', 'architecture'],
  ['--project', 'e2e', 'relay/transport', 'test/e2e/main-job'],
];
const USAGE = 'npm run other-node -- [--version 24.18.1] [-- VITEST ARGUMENTS]';

async function run(argv: readonly [string, ...string[]], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const [file, ...args] = argv;
  const child = spawn(file, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${argv.join(' ')}: ended with ${code}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { version: { type: 'string', default: VERSION } },
    allowPositionals: true,
  });
  if (!/^\d+\.\d+\.\d+$/.test(values.version)) throw new Error(`--version: "${values.version}" is no x.y.z; ${USAGE}`);
  await using folder = makeTempFolder('rmm-other-node');
  const name = `node-${process.platform}-${process.arch}`;
  await run(['npm', 'pack', '--silent', `${name}@${values.version}`], folder.path);
  await run(['tar', 'xzf', `${name}-${values.version}.tgz`], folder.path);
  const home = path.join(folder.path, 'package');
  const tree = path.join(folder.path, 'tree');
  await run(['git', 'clone', '--quiet', PROJECT, tree], folder.path);
  // npm is found where it is, and runs under the Node that stands first in the path; its headers build the native module.
  const env = { PATH: `${path.join(home, 'bin')}:${process.env['PATH'] ?? ''}`, npm_config_nodedir: home };
  await run(['npm', 'ci', '--no-audit', '--no-fund'], tree, env);
  await run(['node', '--version'], tree, env);
  for (const tests of positionals.length > 0 ? [positionals] : TESTS)
    await run(['npx', 'vitest', 'run', ...tests], tree, env);
}

await main();
