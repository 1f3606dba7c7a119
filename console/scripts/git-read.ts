// Reads the scripts of one commit: fetched alone, listed and read as objects; nothing is ever checked out or run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HostRules } from '#console/outgoing/outside-host.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { ScriptSpec } from '#shared/model/script.ts';
import { type ScriptFile, scriptName, shellOf } from '#shared/seal/script-draft.ts';
import { type GitPlace, gitWay } from './git-address.ts';
import { runGit } from './git-program.ts';

export interface GitSource extends GitPlace {
  /** For people, and before the names of its scripts. */
  name: string;
  branch: string;
  /** Within the repository; "" for all of it. */
  folder: string;
}

export interface FetchedScripts {
  commit: string;
  files: Array<ScriptFile & { path: string }>;
  /** Files that look like scripts and are none, each with why. */
  refused: Array<{ path: string; why: string }>;
}

/** More is no library that people look through. */
const MAX_FILES = 500;
/** As much as a script may have in UTF-8, and its spec. */
const MAX_FILE_BYTES = 256 * 1024;
const SPEC = '.script.json';

interface Entry {
  path: string;
  object: string;
  size: number;
}

interface ReadDeps {
  clock: Clock;
  rules: Pick<HostRules, 'allowHosts' | 'lookup'>;
  signal?: AbortSignal | undefined;
}

export async function readGit(source: GitSource, { clock, rules, signal }: ReadDeps): Promise<FetchedScripts> {
  const { url, config, environment } = await gitWay(source, rules);
  const folder = mkdtempSync(path.join(tmpdir(), 'rmm-git-'));
  const git = (args: readonly string[]) => runGit({ folder, args, config, environment, clock, signal });
  try {
    await git(['init', '--quiet', '--bare', '--template=']);
    const ref = `+refs/heads/${source.branch}:refs/rmm/head`;
    await git(['fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--', url, ref]);
    const commit = (await git(['rev-parse', '--verify', 'refs/rmm/head^{commit}'])).toString('latin1').trim();
    const inside = source.folder === '' ? [] : [source.folder];
    const listed = await git(['ls-tree', '-r', '-z', '-l', '--full-tree', commit, '--', ...inside]);
    const entries = readEntries(listed.toString('utf8'));
    const texts = new Map<string, string>();
    for (const { path: name, object } of entries.filter(isWanted))
      texts.set(name, (await git(['cat-file', 'blob', object])).toString('utf8'));
    return { commit, ...scriptsOf(source.folder, entries, texts) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Plain files alone: a link or a submodule leads elsewhere. */
export function readEntries(listing: string): Entry[] {
  const entries = listing.split('\0').flatMap((line) => {
    const [, object, size, name] = /^100(?:644|755) blob ([0-9a-f]{40,64}) +(\d+)\t(.+)$/s.exec(line) ?? [];
    return object === undefined || name === undefined ? [] : [{ path: name, object, size: Number(size) }];
  });
  const wanted = entries.filter(isWanted);
  if (wanted.length > MAX_FILES)
    throw new AppError('too-large', `the repository holds ${wanted.length} scripts, at most ${MAX_FILES} are read`);
  return entries;
}

const isWanted = ({ path: name, size }: Entry): boolean =>
  size <= MAX_FILE_BYTES && (name.endsWith(SPEC) || shellOf(name, '') !== undefined);

/** A script is a file with the ending of one; what is said of it lies beside it, `backup.script.json` beside `backup.sh`. */
export function scriptsOf(
  folder: string,
  entries: readonly Entry[],
  texts: ReadonlyMap<string, string>,
): Pick<FetchedScripts, 'files' | 'refused'> {
  const files: FetchedScripts['files'] = [];
  const refused: FetchedScripts['refused'] = [];
  for (const { path: name, size } of entries.filter((one) => shellOf(one.path, '') !== undefined)) {
    const text = texts.get(name);
    const spec = readSpec(texts.get(`${scriptName(name)}${SPEC}`));
    const why = text === undefined ? `${size} bytes, at most ${MAX_FILE_BYTES}` : spec.ok ? undefined : spec.why;
    if (why !== undefined || text === undefined || !spec.ok) refused.push({ path: name, why: why ?? '' });
    else files.push({ path: name, file: path.posix.relative(folder, name), text, spec: spec.value });
  }
  return { files, refused };
}

type Read = { ok: true; value: ScriptSpec } | { ok: false; why: string };

function readSpec(text: string | undefined): Read {
  if (text === undefined) return { ok: true, value: {} };
  try {
    const parsed = ScriptSpec.safeParse(JSON.parse(text));
    if (parsed.success) return { ok: true, value: parsed.data };
    const [issue] = parsed.error.issues;
    return { ok: false, why: `its ${SPEC}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` };
  } catch {
    return { ok: false, why: `its ${SPEC} is no JSON` };
  }
}
