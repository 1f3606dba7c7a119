// Builds the web console when its sources changed since the last build, and only then.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Everything the bundle is made of; a change in any of it makes a new build. */
const SOURCES = ['console/web', 'shared/base', 'shared/model', 'shared/seal', 'shared/contract', 'package-lock.json'];

function filesIn(place: string): string[] {
  const entries = readdirSync(place, { withFileTypes: true, recursive: true });
  return entries
    .filter(
      (entry) =>
        entry.isFile() && !entry.parentPath.split(path.sep).includes('dist') && !entry.name.endsWith('.test.ts'),
    )
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

export function sourceHash(root: string): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const place = path.join(root, source);
    for (const file of source.includes('.') ? [place] : filesIn(place)) {
      hash.update(path.relative(root, file));
      hash.update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/** True when a build was made. `root` is the project's folder; a bundle has its web built in and never comes here. */
export async function buildWebIfChanged(root: string): Promise<boolean> {
  const dist = path.join(root, 'console/web/dist');
  const stamp = path.join(dist, '.sources');
  const hash = sourceHash(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  // Whoever calls may be a test or a shell with another NODE_ENV, and would get React's development build.
  const env = { ...process.env, NODE_ENV: 'production' };
  await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: path.join(root, 'console/web'), env });
  writeFileSync(stamp, hash);
  return true;
}
