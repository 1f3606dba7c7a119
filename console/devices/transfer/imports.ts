// Imports: a file is read and compared, shown, and applied when somebody says so. Plans live in memory: a restart forgets them.
import { type Actor, by, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { raiseRosterVersion } from '#console/devices/roster-repository.ts';
import type { Sites } from '#console/sites/sites.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { type DeviceId, ImportId, newId, type RandomBytes, type RelayId, type SiteId } from '#shared/base/id.ts';
import type { FileFormat, ImportKind, ImportState } from '#shared/contract/import-contract.ts';
import { checkRelay, checkRights } from './apply-checks.ts';
import { Applying } from './apply-steps.ts';
import { readEstate } from './estate-repository.ts';
import { type FileRows, readFile } from './file-process.ts';
import { type Plan, planImport, type Step } from './import-plan.ts';
import { Pace } from './pace.ts';
import { keepUndo, type OnNotUndone, undoImport, undoLeftImports } from './undo.ts';
import { deleteUndo } from './undo-repository.ts';

/** Each holds its file's rows: together they stay below 200 MB at the worst. */
const MAX_PLANS = 8;
/** Longer than anybody looks at a difference without deciding. */
const PLAN_MS = 3_600_000;
/** Rows of one transaction: some milliseconds, in which nobody else writes. */
const STEPS_AT_ONCE = 50;
const HALF_DONE = 'the import broke and could not be undone: the console undoes it at its next start';

const rethrow: OnNotUndone = (_importId, error) => {
  throw error;
};

/** Faults that are told; all are counted. */
const MAX_FAULTS = 500;
/** Changes that are told, each with all its fields: an answer with more of them holds the console up for longer than 50 ms. */
const MAX_ITEMS = 200;

export interface ImportOutlets {
  /** Told after the commit. */
  onDevicesChanged: (devices: readonly DeviceId[]) => void;
  onRosterChanged: (relay: RelayId) => void;
  /** Sites that were made want their charters; the import is done when they have them. */
  onSitesMade: (sites: readonly SiteId[]) => Promise<void>;
}

interface Deps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  sites: Sites;
  outlets: ImportOutlets;
}

export interface ImportFile {
  kind: ImportKind;
  format: FileFormat;
  bytes: Uint8Array;
  siteId?: SiteId | undefined;
}

interface Held {
  state: ImportState;
  owner: string;
  madeAt: number;
  file: FileRows | undefined;
  steps: readonly Step[];
  within: SiteId | undefined;
  /** What its undoing left as somebody else had made it meanwhile. */
  left?: readonly string[];
}

/** More are counted. */
const MAX_LEFT = 10;
function leftText(left: readonly string[] = []): string {
  if (left.length === 0) return '';
  const more = left.length > MAX_LEFT ? ` and ${left.length - MAX_LEFT} more` : '';
  return `; left as somebody changed it meanwhile: ${left.slice(0, MAX_LEFT).join(', ')}${more}`;
}

const ownerOf = (actor: Actor): string => (actor.kind === 'person' ? actor.id : actor.kind);

export class Imports {
  readonly #deps: Deps;
  /** Oldest first. */
  readonly #held = new Map<ImportId, Held>();
  readonly #stopping = new AbortController();
  #applying: Promise<void> | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Reads and compares; nothing is changed. */
  async plan(caller: Caller, scope: Scope, wish: ImportFile): Promise<ImportState> {
    const { clock, random, store } = this.#deps;
    const id = ImportId.parse(newId(clock.now(), random));
    const file = await readFile({ clock }, wish.format, wish.bytes);
    const pace = new Pace(clock, this.#stopping.signal);
    const broken = 'fault' in file;
    const plan: Plan = broken
      ? { rows: 0, steps: [], faults: [file.fault], newSites: [] }
      : await planImport(
          { kind: wish.kind, file, estate: await readEstate(store.db, scope, pace), within: wish.siteId },
          pace,
        );
    await pace.next();
    const state = stateOf(id, wish.kind, plan);
    const isFaulty = state.state === 'faulty';
    this.#hold(id, {
      state,
      owner: ownerOf(caller.actor),
      madeAt: clock.now(),
      file: broken || isFaulty ? undefined : file,
      steps: isFaulty ? [] : plan.steps,
      within: wish.siteId,
    });
    // The answer is made in a turn of its own: five hundred faults or two hundred changes are long enough.
    await pace.next();
    return state;
  }

  /** Throws `not-found` for one that is not there any more, or is somebody else's. */
  show(caller: Caller, id: ImportId): ImportState {
    return { ...this.#find(caller, id).state };
  }

  /** Begins, and answers at once; `show` tells how far it is. Asked again, it says the same and does nothing twice. */
  apply(caller: Caller, scope: Scope, id: ImportId): ImportState {
    const held = this.#find(caller, id);
    const { state } = held;
    if (state.state === 'faulty') throw new AppError('conflict', 'the file has faults: correct it and send it again');
    if (state.state === 'failed') throw new AppError('conflict', `this import has failed: ${state.failure ?? ''}`);
    if (state.state !== 'planned') return { ...state };
    if (this.#applying !== undefined)
      throw new AppError('rate-limited', 'another import is being applied: wait for its end');
    state.state = 'applying';
    // Whoever asks how far it is asks four times a second, and has seen them.
    state.items = [];
    this.#applying = this.#run(caller, scope, held).finally(() => {
      this.#applying = undefined;
    });
    return { ...state };
  }

  /** At start, before anybody reads: imports that a console left unfinished are undone. Returns which. */
  recover(onNotUndone: OnNotUndone = rethrow): Promise<string[]> {
    return undoLeftImports(this.#deps.store, onNotUndone);
  }

  /** What is being applied is undone. */
  async stop(): Promise<void> {
    this.#stopping.abort(new AppError('unavailable', 'the console was stopped'));
    await this.#applying;
  }

  async #run(caller: Caller, scope: Scope, held: Held): Promise<void> {
    const { state } = held;
    try {
      const { newSites } = await this.#apply(caller, scope, held).catch(
        conflictWhen({ taken: 'something of that name was made meanwhile', gone: 'a relay was removed meanwhile' }),
      );
      if (newSites.length > 0) await this.#deps.outlets.onSitesMade(newSites);
      state.state = 'done';
      state.done = state.rows;
    } catch (error) {
      state.state = 'failed';
      state.done = 0;
      const isOurs = error instanceof AppError && error.code !== 'internal';
      const why = isOurs ? describeError(error).message : 'something broke inside the console; nothing was changed';
      state.failure = `${why}${leftText(held.left)}`;
    } finally {
      held.steps = [];
      held.file = undefined;
    }
  }

  async #apply(caller: Caller, scope: Scope, held: Held): Promise<Applying> {
    const { store, clock, random, sites, outlets } = this.#deps;
    const { state } = held;
    const pace = new Pace(clock, this.#stopping.signal);
    const { steps, estate } = await this.#planAgain(scope, held, pace);
    const applying = new Applying({ sites, random, now: clock.now(), estate, scope });
    const todo = steps.filter(({ change }) => change !== 'same');
    state.done = steps.length - todo.length;
    try {
      for (let from = 0; from < todo.length; from += STEPS_AT_ONCE) {
        const some = todo.slice(from, from + STEPS_AT_ONCE);
        const made = await store.transaction(async (tx) => {
          await checkRights(tx, caller, some, { sites: estate.sites, now: clock.now() });
          const result = await applying.apply(tx, some);
          await keepUndo(tx, state.id, from, result.undo);
          return result;
        });
        applying.committed(made);
        state.done += some.length;
        await pace.next();
      }
      await this.#finish(caller, state, applying);
    } catch (error) {
      const undone = await undoImport(store, state.id).catch((cause: unknown) => {
        throw new AppError('unavailable', HALF_DONE, { cause });
      });
      held.left = undone.kept;
      for (const relay of undone.relays) outlets.onRosterChanged(relay);
      if (undone.devices.length > 0) outlets.onDevicesChanged(undone.devices);
      if (applying.newSites.length > 0) await outlets.onSitesMade([]);
      throw error;
    }
    for (const relay of applying.relays) outlets.onRosterChanged(relay);
    if (applying.devices.length > 0) outlets.onDevicesChanged(applying.devices);
    return applying;
  }

  /** What somebody saw, as it is to be done now. */
  async #planAgain(scope: Scope, { state, within, file, steps }: Held, pace: Pace) {
    if (file === undefined) throw new AppError('internal', `import ${state.id}: its rows are gone`);
    const estate = await readEstate(this.#deps.store.db, scope, pace);
    const now = await planImport({ kind: state.kind, file, estate, within }, pace);
    await checkSame(steps, now, pace);
    return { steps: now.steps, estate };
  }

  /** From here on it stands: relays get their rosters, the trail its row, and there is nothing to undo any more. */
  async #finish(caller: Caller, state: ImportState, { relays, newSites }: Applying): Promise<void> {
    const { store, audit } = this.#deps;
    await store.transaction(async (tx) => {
      // In one order, so that two transactions never wait for each other.
      for (const relay of [...relays].sort()) {
        await raiseRosterVersion(tx, relay);
        await checkRelay(tx, relay);
      }
      await deleteUndo(tx, state.id);
      const { id, kind, rows, creates, updates } = state;
      const detail = { kind, rows, creates, updates, sites: newSites.length };
      const row = { verb: 'device.import', resource: `import:${id}`, outcome: 'ok' as const, detail };
      await audit.append(tx, { ...by(caller), ...row });
    });
  }

  #find(caller: Caller, id: ImportId): Held {
    this.#forgetOld();
    const held = this.#held.get(id);
    if (held === undefined || held.owner !== ownerOf(caller.actor))
      throw new AppError('not-found', `no import ${id}: plans are kept for an hour, and not over a restart`);
    return held;
  }

  #hold(id: ImportId, held: Held): void {
    this.#forgetOld();
    for (const [old, { state }] of this.#held)
      if (this.#held.size >= MAX_PLANS && state.state !== 'applying') this.#held.delete(old);
    this.#held.set(id, held);
  }

  #forgetOld(): void {
    const before = this.#deps.clock.now() - PLAN_MS;
    for (const [id, { madeAt, state }] of this.#held)
      if (madeAt < before && state.state !== 'applying') this.#held.delete(id);
  }
}

function stateOf(id: ImportId, kind: ImportKind, { rows, steps, faults, newSites }: Plan): ImportState {
  const items = steps.map(({ item }) => item);
  const count = (change: string) => items.filter((item) => item.change === change).length;
  return {
    id,
    kind,
    state: faults.length > 0 ? 'faulty' : 'planned',
    rows,
    creates: count('create'),
    updates: count('update'),
    same: count('same'),
    faultCount: faults.length,
    faults: faults.slice(0, MAX_FAULTS),
    items: items.filter(({ change }) => change !== 'same').slice(0, MAX_ITEMS),
    newSites,
    done: 0,
    failure: null,
  };
}

/** Throws `conflict` that names what is not any more as somebody saw it. */
async function checkSame(seen: readonly Step[], { steps, faults }: Plan, pace: Pace): Promise<void> {
  const [fault] = faults;
  if (fault !== undefined)
    throw new AppError('conflict', `row ${fault.row} does not fit any more: ${fault.column ?? 'it'} ${fault.message}`);
  for (const [index, { item }] of seen.entries()) {
    const now = steps[index]?.item;
    if (JSON.stringify(now) !== JSON.stringify(item))
      throw new AppError('conflict', `row ${item.row}: "${item.name}" was changed meanwhile; send the file again`);
    await pace.breathe();
  }
}
