// package.json and the lockfile, read; and which packages an installation without development packages brings, and through whom.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const Versions = z.record(z.string(), z.string()).default({});

export const Manifest = z.looseObject({
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  peerDependencies: Versions,
  overrides: z.record(z.string(), z.unknown()).default({}),
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});
export type Manifest = z.infer<typeof Manifest>;

/** One installed folder, as the lockfile (version 3) describes it. */
const LockEntry = z.looseObject({
  /** Set where the folder is called otherwise than the package in it. */
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  optional: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.union([z.string(), z.array(z.string())]).optional(),
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  peerDependencies: Versions,
  peerDependenciesMeta: z.record(z.string(), z.looseObject({ optional: z.boolean().optional() })).default({}),
});
export type LockEntry = z.infer<typeof LockEntry>;

export const Lockfile = z.looseObject({ lockfileVersion: z.number(), packages: z.record(z.string(), LockEntry) });
export type Lockfile = z.infer<typeof Lockfile>;

export interface Project {
  manifest: Manifest;
  lock: Lockfile;
}

export function readProject(root: string): Project {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  return { manifest: Manifest.parse(read('package.json')), lock: Lockfile.parse(read('package-lock.json')) };
}

/** The folder's name: "node_modules/a/node_modules/@b/c" is called "@b/c". */
export const folderName = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 13);

/** What packages are counted and listed for: the platform that the project is tested on. */
const REFERENCE = { os: 'linux', cpu: 'x64', libc: 'glibc' } as const;

function fits(entry: LockEntry): boolean {
  const takes = (list: string | readonly string[] | undefined, own: string) =>
    list === undefined || [list].flat().includes(own);
  return takes(entry.os, REFERENCE.os) && takes(entry.cpu, REFERENCE.cpu) && takes(entry.libc, REFERENCE.libc);
}

/** Where Node finds `name` from inside of `place`: beside it, or further out. */
function resolve(lock: Lockfile, place: string, name: string): string | undefined {
  for (let base = place; ; ) {
    const found = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (found in lock.packages) return found;
    if (base === '') return undefined;
    const out = base.lastIndexOf('/node_modules/');
    base = out < 0 ? '' : base.slice(0, out);
  }
}

export interface Installed {
  place: string;
  /** The folder's name. */
  name: string;
  entry: LockEntry;
  /** Who needs it; "package.json" for what the project itself names. */
  by: Set<string>;
}

interface Need {
  from: string;
  name: string;
  by: string;
  isOptional: boolean;
}

function needsOf(place: string, entry: LockEntry): Need[] {
  const by = folderName(place);
  const needs = (names: Readonly<Record<string, unknown>>, isOptional: boolean): Need[] =>
    Object.keys(names).map((name) => ({ from: place, name, by, isOptional }));
  const peers = Object.fromEntries(
    Object.entries(entry.peerDependencies).filter(([name]) => entry.peerDependenciesMeta[name]?.optional !== true),
  );
  const { optionalDependencies: optional } = entry;
  const hard = Object.fromEntries(Object.entries(entry.dependencies).filter(([name]) => !(name in optional)));
  return [...needs(hard, false), ...needs(peers, false), ...needs(optional, true)];
}

/** What `names` bring onto a disk, all the way down, by place. `missing` names what a package needs and nobody locks. */
export function closure(lock: Lockfile, names: readonly string[]): { all: Map<string, Installed>; missing: string[] } {
  const all = new Map<string, Installed>();
  const missing: string[] = [];
  const open: Need[] = names.map((name) => ({ from: '', name, by: 'package.json', isOptional: false }));
  for (let need = open.pop(); need !== undefined; need = open.pop()) {
    const place = resolve(lock, need.from, need.name);
    const entry = place === undefined ? undefined : lock.packages[place];
    if (place === undefined || entry === undefined) {
      if (!need.isOptional) missing.push(`${need.by} needs ${need.name}`);
      continue;
    }
    if (need.isOptional && !fits(entry)) continue;
    const known = all.get(place);
    if (known === undefined) open.push(...needsOf(place, entry));
    const installed = known ?? { place, name: folderName(place), entry, by: new Set<string>() };
    installed.by.add(need.by);
    all.set(place, installed);
  }
  return { all, missing };
}

/** What the product names itself; what it can do without is installed all the same, so it counts. */
export const namedPackages = ({ dependencies, optionalDependencies }: Manifest): string[] =>
  Object.keys({ ...dependencies, ...optionalDependencies });

/** What `npm ci --omit=dev` installs, in the order of names. */
export const runtimePackages = ({ manifest, lock }: Project): Installed[] =>
  [...closure(lock, namedPackages(manifest)).all.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
