// Saved views: a page's search with a name, one's own or shared with everybody; only who saved one forgets it.
import { type Actor, by, type Caller, reachOf } from '#console/access/can.ts';
import { seesEverything } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes, ViewId } from '#shared/base/id.ts';
import * as repository from './view-repository.ts';

type Search = Record<string, string | number | boolean>;

export interface View {
  id: ViewId;
  page: string;
  name: string;
  search: Search;
  isShared: boolean;
  isOwn: boolean;
  createdAt: number;
}

export interface NewView {
  page: string;
  name: string;
  search: Search;
  isShared: boolean;
}

// A menu of more is no menu.
const MAX_VIEWS = 200;
// The longest filter and the columns of a page, with room to spare.
const MAX_SEARCH = 8_000;

export class Views {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #random: RandomBytes;
  #onViewsChanged: () => void;

  constructor(deps: {
    store: Store;
    audit: Audit;
    clock: Clock;
    random: RandomBytes;
    /** Told after the commit. */
    onViewsChanged?: () => void;
  }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#onViewsChanged = deps.onViewsChanged ?? (() => undefined);
  }

  async list(caller: Caller): Promise<View[]> {
    const person = personOf(caller.actor);
    const views = (await repository.listViews(this.#store.db, person)).map((row) => toView(row, person));
    // A filter that others saved may name what this person must not know of.
    return seesEverything(reachOf(caller)) ? views : views.filter(({ isOwn }) => isOwn);
  }

  /** Throws `conflict` when the person has one of that name. */
  async create(caller: Caller, wish: NewView): Promise<View> {
    const personId = personOf(caller.actor);
    const createdAt = this.#clock.now();
    const search = JSON.stringify(wish.search);
    if (search.length > MAX_SEARCH)
      throw new AppError('bad-request', `search: at most ${MAX_SEARCH} characters, not ${search.length}`);
    const { page, name, isShared } = wish;
    if (isShared && !seesEverything(reachOf(caller)))
      throw new AppError('denied', 'who sees a part of the estate shares no views');
    const view = {
      id: ViewId.parse(newId(createdAt, this.#random)),
      personId,
      page,
      name,
      search,
      isShared,
      createdAt,
    };
    await this.#store.transaction(async (tx) => {
      if ((await repository.countViews(tx, personId)) >= MAX_VIEWS)
        throw new AppError('too-large', `${MAX_VIEWS} views are saved already: forget one first`);
      if (!(await repository.insertView(tx, view))) throw new AppError('conflict', `a view "${name}" is saved already`);
      afterCommit(this.#onViewsChanged);
      const row = {
        verb: 'view.create',
        resource: `view:${view.id}`,
        outcome: 'ok' as const,
        detail: { name, isShared },
      };
      await this.#audit.append(tx, { ...by(caller), ...row });
    });
    return toView(view, personId);
  }

  /** Throws `not-found`, also for what somebody else keeps to themselves; `denied` for what they share. */
  async remove(caller: Caller, id: ViewId): Promise<void> {
    const person = personOf(caller.actor);
    await this.#store.transaction(async (tx) => {
      const view = await repository.findView(tx, id);
      const isHidden =
        view !== undefined && view.personId !== person && !(view.isShared && seesEverything(reachOf(caller)));
      if (view === undefined || isHidden) throw new AppError('not-found', `no view ${id}`);
      if (view.personId !== person) throw new AppError('denied', `view "${view.name}": only who saved it forgets it`);
      await repository.deleteView(tx, id);
      afterCommit(this.#onViewsChanged);
      const row = { verb: 'view.remove', resource: `view:${id}`, outcome: 'ok' as const, detail: { name: view.name } };
      await this.#audit.append(tx, { ...by(caller), ...row });
    });
  }
}

function personOf(actor: Actor): string {
  if (actor.kind !== 'person') throw new AppError('unauthenticated', 'views belong to people');
  return actor.id;
}

const toView = (row: repository.ViewRow, person: string): View => ({
  id: row.id,
  page: row.page,
  name: row.name,
  search: JSON.parse(row.search),
  isShared: row.isShared,
  isOwn: row.personId === person,
  createdAt: row.createdAt,
});
