// The bill of materials of the product in the two forms that scanners read; npm writes it from the lockfile.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { type Installed, readProject, runtimePackages } from './lockfile.ts';

const run = promisify(execFile);

const SBOM_FILES = { cyclonedx: 'sbom.cdx.json', spdx: 'sbom.spdx.json' } as const;

const Cyclonedx = z.looseObject({ components: z.array(z.looseObject({ purl: z.string() })) });
const Spdx = z.looseObject({
  packages: z.array(z.looseObject({ externalRefs: z.array(z.looseObject({ referenceLocator: z.string() })) })),
});

/** What a document of either form names: "pkg:npm/%40scope/name@1.0.0". */
function purlsOf(document: string): Set<string> {
  const json: unknown = JSON.parse(document);
  const cyclonedx = Cyclonedx.safeParse(json);
  if (cyclonedx.success) return new Set(cyclonedx.data.components.map(({ purl }) => purl));
  const { packages } = Spdx.parse(json);
  return new Set(packages.flatMap(({ externalRefs }) => externalRefs.map((each) => each.referenceLocator)));
}

const purlOf = ({ name, entry }: Installed): string =>
  `pkg:npm/${(entry.name ?? name).replace('@', '%40')}@${entry.version}`;

/** Which packages a bill leaves out: one that is not complete would be worse than none. */
export function lacking(document: string, installed: readonly Installed[]): string[] {
  const named = purlsOf(document);
  return installed.map(purlOf).filter((purl) => !named.has(purl));
}

/**
 * The project as somebody has it who only runs it. npm's own `--omit=dev` also omits what is needed at run time and by a
 * development package too, so it is handed a lockfile in which there are none.
 */
async function withoutTools(root: string, folder: string): Promise<Installed[]> {
  const { manifest, lock } = readProject(root);
  const installed = runtimePackages({ manifest, lock });
  const { devDependencies: _tools, ...product } = manifest;
  const { '': own, ...rest } = lock.packages;
  const kept = new Set(installed.map(({ place }) => place));
  const packages = Object.fromEntries(Object.entries(rest).filter(([place]) => kept.has(place)));
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(product));
  await writeFile(
    path.join(folder, 'package-lock.json'),
    JSON.stringify({ ...lock, packages: { '': { ...own, devDependencies: {} }, ...packages } }),
  );
  return installed;
}

/** Writes both forms into `folder`; returns their names. */
export async function writeSboms(root: string, folder: string): Promise<string[]> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'rmm-sbom-'));
  try {
    // npm calls the product by the name of its folder.
    const cwd = path.join(temporary, 'rmm');
    await mkdir(cwd);
    const installed = await withoutTools(root, cwd);
    for (const [format, name] of Object.entries(SBOM_FILES)) {
      const args = ['sbom', '--package-lock-only', `--sbom-format=${format}`, '--sbom-type=application'];
      // 16 MiB: seventy-five packages take a tenth of one. 60 s: npm asks nobody for it.
      const { stdout } = await run('npm', args, { cwd, maxBuffer: 16 * 1024 * 1024, timeout: 60_000 });
      const missing = lacking(stdout, installed);
      if (missing.length > 0) throw new AppError('internal', `${name} lacks ${missing.join(', ')}`);
      await writeFile(path.join(folder, name), stdout);
    }
    return Object.values(SBOM_FILES);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
