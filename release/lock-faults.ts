// The laws of the supply chain, over package.json and the lockfile alone; each fault is a sentence that names the package.
import {
  closure,
  folderName,
  type LockEntry,
  type Manifest,
  namedPackages,
  type Project,
  runtimePackages,
} from './lockfile.ts';

/** What may be installed beside the product. Each one is code of somebody else that runs with all of our rights. */
export const MOST_PACKAGES = 75;

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
/** A package under another's name: only what `overrides` says, and exact. */
const ALIAS = /^npm:((?:@[\w.-]+\/)?[\w.-]+)@(\d+\.\d+\.\d+(?:-[\w.]+)?)$/;
/** The digest that registries give today; a lockfile of many years ago has weaker ones. */
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
/** The only package of the product whose script runs at installation: it compiles. */
const NATIVE = 'better-sqlite3';

function inexact(manifest: Manifest): string[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies, overrides } = manifest;
  const plain = { ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies };
  const named = Object.entries(plain).filter(([, version]) => !EXACT.test(version));
  const forced = Object.entries(overrides).filter(
    ([, version]) => typeof version !== 'string' || !(EXACT.test(version) || ALIAS.test(version)),
  );
  return [...named, ...forced].map(([name, version]) => `${name}: ${JSON.stringify(version)} is no exact version`);
}

function entryFaults(place: string, entry: LockEntry): string[] {
  const faults: string[] = [];
  const { version, integrity, resolved, link } = entry;
  if (!place.startsWith('node_modules/') || link === true)
    faults.push('is a folder or a link, no package of a registry');
  if (version === undefined || !EXACT.test(version)) faults.push(`version ${version} is not exact`);
  if (integrity === undefined || !INTEGRITY.test(integrity)) faults.push('has no SHA-512 of its archive');
  // Without an address npm asks the registry that is configured, for every package the same; one with an address goes elsewhere.
  if (resolved !== undefined) faults.push(`comes from an address of its own (${new URL(resolved).protocol}//...)`);
  return faults.map((fault) => `${place}: ${fault}`);
}

/** A folder that holds another package than its name says must be one of our overrides, at its version. */
function aliasFaults(place: string, entry: LockEntry, overrides: Manifest['overrides']): string[] {
  if (entry.name === undefined || entry.name === folderName(place)) return [];
  const wanted = ALIAS.exec(String(overrides[folderName(place)] ?? ''));
  const isOurs = wanted !== null && wanted[1] === entry.name && wanted[2] === entry.version;
  return isOurs ? [] : [`${place}: holds ${entry.name}, which no override says`];
}

/** The lockfile's own copy of package.json, and the version that stands for each name. */
function drift({ manifest, lock }: Project): string[] {
  const root = lock.packages[''];
  if (lock.lockfileVersion !== 3 || root === undefined) return ['the lockfile is not of version 3'];
  const faults: string[] = [];
  for (const group of ['dependencies', 'devDependencies', 'optionalDependencies'] as const) {
    const names = new Set([...Object.keys(manifest[group]), ...Object.keys(root[group])]);
    for (const name of names) {
      const [wanted, copied] = [manifest[group][name], root[group][name]];
      const locked = lock.packages[`node_modules/${name}`]?.version;
      if (wanted !== copied || wanted !== locked)
        faults.push(`${name}: package.json says ${wanted}, the lockfile ${copied} and ${locked}`);
    }
  }
  return faults;
}

/** Who may run a script at installation is said by name; who is said and has none is forgotten. */
function scriptFaults({ manifest, lock }: Project, runtime: ReadonlySet<string>): string[] {
  const { allowScripts } = manifest;
  const scripted = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript === true);
  const unsaid = scripted.filter(([place]) => allowScripts[folderName(place)] === undefined);
  const allowed = scripted.filter(
    ([place]) => runtime.has(place) && allowScripts[folderName(place)] === true && folderName(place) !== NATIVE,
  );
  const known = new Set(scripted.map(([place]) => folderName(place)));
  const forgotten = Object.keys(allowScripts).filter((name) => !known.has(name));
  return [
    ...unsaid.map(([place]) => `${place}: has an install script of which allowScripts says nothing`),
    ...allowed.map(([place]) => `${place}: may run a script at installation; of the product only ${NATIVE} may`),
    ...forgotten.map((name) => `allowScripts: ${name} has no install script`),
  ];
}

/** What npm marks as needed at run time is what our own walk finds; else one of the two is deceived. */
function markFaults({ lock }: Project, runtime: ReadonlySet<string>): string[] {
  const marked = Object.entries(lock.packages).filter(
    ([place, entry]) => place !== '' && entry.dev !== true && entry.devOptional !== true && entry.optional !== true,
  );
  return marked
    .filter(([place]) => !runtime.has(place))
    .map(([place]) => `${place}: is installed with the product, and nothing of the product needs it`);
}

/** Empty when the lockfile can be trusted to install what was chosen, and nothing else. */
export function lockFaults(project: Project): string[] {
  const { manifest, lock } = project;
  const entries = Object.entries(lock.packages).filter(([place]) => place !== '');
  const runtime = runtimePackages(project);
  const places = new Set(runtime.map(({ place }) => place));
  const count =
    runtime.length > MOST_PACKAGES ? [`${runtime.length} packages in the product, at most ${MOST_PACKAGES}`] : [];
  return [
    ...inexact(manifest),
    ...drift(project),
    ...entries.flatMap(([place, entry]) => entryFaults(place, entry)),
    ...entries.flatMap(([place, entry]) => aliasFaults(place, entry, manifest.overrides)),
    ...closure(lock, namedPackages(manifest)).missing,
    ...scriptFaults(project, places),
    ...markFaults(project, places),
    ...count,
  ];
}
