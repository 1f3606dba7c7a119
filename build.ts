// Builds what is released: one bundle per program, the web console, and a relay archive that needs nothing installed.
import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { AppError } from '#shared/base/errors.ts';
import { NODE_FLAGS } from '#shared/runtime/node-flags.ts';
import { VERSION } from '#shared/runtime/version.ts';
import { writeManifest } from './release/release-manifest.ts';
import { writeSboms } from './release/sbom.ts';

const run = promisify(execFile);
const ROOT = path.dirname(fileURLToPath(import.meta.url));
const OUT = path.join(ROOT, 'build');

/** Native code and packages that only exist on some machines stay outside the bundle. */
const EXTERNAL = ['better-sqlite3', '@node-rs/argon2', 'koffi', 'cpu-features', /\.node$/];

/** Of a program `inParts` what a verb alone needs is a file of its own: reading all of it takes longer than most verbs do. */
async function bundle(entry: string, name: string, { inParts = false } = {}): Promise<void> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['better-sqlite3', '@node-rs/argon2', 'koffi'] },
    build: {
      ssr: path.join(ROOT, entry),
      outDir: OUT,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        external: EXTERNAL,
        // Parts stand beside the program, which looks for its files beside itself; a new build writes over those of the last.
        output: {
          format: 'cjs',
          entryFileNames: `${name}.cjs`,
          chunkFileNames: `${name}-[name].cjs`,
          codeSplitting: inParts,
        },
      },
    },
  });
}

/** Of koffi's compiled parts, the one for this machine. */
const KOFFI_BINARY = `build/koffi/${process.platform}_${process.arch}/koffi.node`;

/** better-sqlite3 as it was built on this machine, and koffi: their JavaScript and the one binary of each, nothing else. */
async function copyNative(target: string): Promise<void> {
  for (const [name, parts] of [
    ['koffi', ['package.json', 'index.js', 'LICENSE.txt', KOFFI_BINARY]],
    ['better-sqlite3', ['package.json', 'lib', 'build/Release/better_sqlite3.node']],
    ['bindings', ['package.json', 'bindings.js']],
    ['file-uri-to-path', ['package.json', 'index.js']],
  ] as const) {
    for (const part of parts)
      await cp(path.join(ROOT, 'node_modules', name, part), path.join(target, 'node_modules', name, part), {
        recursive: true,
      });
  }
}

/** No tool of the system but a shell: the archive runs with any PATH, and through a link to it. */
const LAUNCHER = `#!/bin/sh
# Runs the relay with the node that came with it.
self=$0
[ -L "$self" ] && self=$(readlink -f -- "$self")
here=$(cd -- "\${self%/*}" && pwd)
exec "$here/node" ${NODE_FLAGS.join(' ')} "$here/relay.cjs" "$@"
`;

/** build/rmm-relay-<version>-<platform>-<arch>.tar.gz: node, bundle, native module, launcher. */
async function relayArchive(): Promise<string> {
  const name = `rmm-relay-${VERSION}-${process.platform}-${process.arch}`;
  const folder = path.join(OUT, name);
  await mkdir(folder, { recursive: true });
  await copyFile(path.join(OUT, 'relay.cjs'), path.join(folder, 'relay.cjs'));
  await copyFile(process.execPath, path.join(folder, 'node'));
  await copyFile(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  await copyNative(folder);
  await writeFile(path.join(folder, 'rmm'), LAUNCHER);
  await chmod(path.join(folder, 'rmm'), 0o755);
  const archive = path.join(OUT, `${name}.tar.gz`);
  await run('tar', ['-C', OUT, '--sort=name', '--owner=0', '--group=0', '-czf', archive, name]);
  return archive;
}

async function main(): Promise<void> {
  const manifest: unknown = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
  const released =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  if (released !== VERSION)
    throw new AppError('config-invalid', `package.json says ${String(released)}, shared/runtime/version.ts ${VERSION}`);
  const isWhole = process.argv[2] !== 'programs';
  if (isWhole) await rm(OUT, { recursive: true, force: true });
  await bundle('rmm.ts', 'rmm', { inParts: true });
  await bundle('relay/main.ts', 'relay');
  await bundle('console/devices/transfer/file-process-main.ts', 'file-process');
  await bundle('console/metrics/worker-main.ts', 'metrics-worker');
  await bundle('console/schedule/heavy-main.ts', 'heavy-job');
  // Tests of the programs alone need neither page nor archive.
  if (!isWhole) return;
  await build({ root: path.join(ROOT, 'console/web'), logLevel: 'warn' });
  await cp(path.join(ROOT, 'console/web/dist'), path.join(OUT, 'web'), { recursive: true });
  const archive = await relayArchive();
  const sboms = await writeSboms(ROOT, OUT);
  const about = {
    name: 'rmm',
    version: VERSION,
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
  };
  const { files } = await writeManifest(OUT, about, [...sboms, path.basename(archive)]);
  for (const { name, sha256 } of files) process.stdout.write(`build/${name}  sha256 ${sha256}\n`);
}

await main();
