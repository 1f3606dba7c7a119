// Brings the scripts of a repository into the library: what is new or changed becomes a version that nobody has reviewed yet.
import type { Caller } from '#console/access/can.ts';
import type { HostRules } from '#console/outgoing/outside-host.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, ScriptId } from '#shared/base/id.ts';
import type { ScriptVersion } from '#shared/model/script.ts';
import { draftScript, isSameScript, type ScriptFile } from '#shared/seal/script-draft.ts';
import { readScript, scriptText } from '#shared/seal/script-seal.ts';
import { type FetchedScripts, type GitSource, readGit } from './git-read.ts';
import type { ScriptLibrary, StoredVersion } from './script-library.ts';

export interface SyncedScript {
  path: string;
  name: string;
  state: 'added' | 'changed' | 'same' | 'refused' | 'gone';
  /** Of what was refused. */
  why: string | null;
}

export interface Synced {
  source: string;
  commit: string;
  scripts: SyncedScript[];
}

interface SyncDeps {
  library: ScriptLibrary;
  clock: Clock;
  sources: readonly GitSource[];
  rules: Pick<HostRules, 'allowHosts' | 'lookup'>;
}

export class ScriptSync {
  readonly #deps: SyncDeps;
  /** One at a time: two of one source would make the same version twice. */
  #busy: Promise<unknown> = Promise.resolve();

  constructor(deps: SyncDeps) {
    this.#deps = deps;
  }

  get sources(): ReadonlyArray<Pick<GitSource, 'name' | 'url' | 'branch' | 'folder'>> {
    return this.#deps.sources;
  }

  /** Throws `not-found` for a source that the configuration does not name, and what git failed for. */
  async sync(caller: Caller, name: string): Promise<Synced> {
    const source = this.#deps.sources.find((one) => one.name === name);
    if (source === undefined) throw new AppError('not-found', `no source ${name} in the configuration`);
    const work = this.#busy.then(() => this.#sync(caller, source));
    this.#busy = work.catch(() => undefined); // whoever asked hears of it
    return work;
  }

  async #sync(caller: Caller, source: GitSource): Promise<Synced> {
    const fetched = await readGit(source, this.#deps);
    const known = new Map((await this.#deps.library.list()).map((one) => [readScript(one.text).name, one]));
    const scripts: SyncedScript[] = fetched.refused.map(({ path, why }) => ({
      path,
      name: path,
      state: 'refused',
      why,
    }));
    const seen = new Set<string>();
    for (const { path, ...file } of fetched.files) {
      const name = nameOf(source, file);
      const state = seen.has(name)
        ? refusedFor('another file of the repository has this name')
        : await this.#bring(caller, { source, fetched, path, file, name, former: known.get(name) });
      seen.add(name);
      scripts.push({ path, name, ...state });
    }
    const gone = [...known].filter(([name, { origin }]) => isOf(source, origin) && !seen.has(name));
    for (const [name, { origin }] of gone)
      scripts.push({ path: origin.split(' ').slice(2).join(' '), name, state: 'gone', why: null });
    return { source: source.name, commit: fetched.commit, scripts };
  }

  /** One that cannot be taken is told, and keeps no other back. */
  async #bring(caller: Caller, { source, fetched, path, file, name, former }: Brought): Promise<State> {
    if (former !== undefined && !isOf(source, former.origin))
      return refusedFor('the library has a script of this name that is not of this source');
    try {
      const old: ScriptVersion | undefined = former && readScript(former.text);
      const place = {
        id: old?.id ?? ScriptId.parse(newId(this.#deps.clock.now())),
        version: (old?.version ?? 0) + 1,
      };
      const draft = draftScript({ ...file, spec: { ...file.spec, name } }, place);
      if (old !== undefined && isSameScript(draft, old)) return { state: 'same', why: null };
      const origin = `${source.name} ${fetched.commit} ${path}`;
      await this.#deps.library.put(caller, { text: scriptText(draft), signatures: [], origin });
      return { state: old === undefined ? 'added' : 'changed', why: null };
    } catch (error) {
      if (error instanceof AppError && error.code !== 'internal') return refusedFor(error.message);
      throw error;
    }
  }
}

type State = Pick<SyncedScript, 'state' | 'why'>;

interface Brought {
  source: GitSource;
  fetched: FetchedScripts;
  path: string;
  file: ScriptFile;
  name: string;
  former: StoredVersion | undefined;
}

const refusedFor = (why: string): State => ({ state: 'refused', why: why.slice(0, 300) });

const isOf = ({ name }: GitSource, origin: string): boolean => origin.startsWith(`${name} `);

/** "ops/net/restart-dns": two sources never meet in one name by chance. */
const nameOf = ({ name }: GitSource, { file, spec }: ScriptFile): string =>
  `${name}/${spec.name ?? file.replace(/\.[a-z0-9]+$/i, '')}`;
