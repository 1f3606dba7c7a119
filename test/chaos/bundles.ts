// The programs as they are released: build/rmm.cjs and build/relay.cjs, built again when a source is newer.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT } from '#test/architecture/source-files.ts';

const exec = promisify(execFile);

export interface Bundles {
  rmm: string;
  relay: string;
}

export async function ensureBundles(say: (line: string) => void): Promise<Bundles> {
  const rmm = path.join(PROJECT, 'build', 'rmm.cjs');
  const relay = path.join(PROJECT, 'build', 'relay.cjs');
  const builtAt = Math.min(...[rmm, relay].map((file) => (existsSync(file) ? statSync(file).mtimeMs : 0)));
  if (newestSource() > builtAt) {
    say('building the programs ...');
    await exec(process.execPath, ['--import', 'tsx', path.join(PROJECT, 'build.ts'), 'programs'], { cwd: PROJECT });
  }
  return { rmm, relay };
}

/** When a file that goes into the programs changed last. */
function newestSource(): number {
  const roots = ['shared', 'relay', 'console'].map((room) => path.join(PROJECT, room));
  const files = roots.flatMap((root) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.includes('.test.'))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  const top = ['rmm.ts', 'build.ts', 'package-lock.json'].map((name) => path.join(PROJECT, name));
  return Math.max(...[...files, ...top].map((file) => statSync(file).mtimeMs));
}
