// The console child of the metric benches as a release has it: bundled, because what tsx adds to each closure costs a fifth.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { PROJECT } from '#test/architecture/source-files.ts';

const EXTERNAL = ['better-sqlite3', '@node-rs/argon2', 'koffi', 'cpu-features', /\.node$/];

async function bundle(entry: string, folder: string, name: string): Promise<void> {
  await build({
    root: PROJECT,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['better-sqlite3', '@node-rs/argon2', 'koffi'] },
    build: {
      ssr: path.join(PROJECT, entry),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        external: EXTERNAL,
        output: { format: 'cjs', entryFileNames: `${name}.cjs`, codeSplitting: false },
      },
    },
  });
}

/** The child's program; its worker's stands beside it. Made anew for each run, in a few seconds. */
export async function bundleConsole(): Promise<string> {
  // Below the project, so that native modules are found; one folder a run, because two benches may run at once.
  const folder = path.join(PROJECT, 'build', `bench-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  await bundle('test/bench/metric-console.ts', folder, 'metric-console');
  await bundle('console/metrics/worker-main.ts', folder, 'metrics-worker');
  return folder;
}
