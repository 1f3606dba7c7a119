// What people set up by hand of one sort (contacts, routes, escalations, on-call): made, changed, removed, each in the trail.
import { z } from 'zod';
import { by, type Caller } from '#console/access/can.ts';
import type { Audit } from '#console/audit/audit.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import * as repository from './entry-repository.ts';

export interface EntryDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  /** Told after the commit. */
  onChanged: () => void;
}

interface Sort<N extends { name: string }, S> {
  kind: repository.EntryKind;
  /** Of the answer: the value with its id. */
  schema: z.ZodType<S>;
  place?: (value: N) => number;
  /** Throws what is wrong with it beyond its schema. */
  check?: (value: N) => void;
}

/** More than anybody sets up by hand; routes are asked for each incident. */
const MOST = 2_000;

export class Entries<N extends { name: string }, S> {
  readonly #deps: EntryDeps;
  readonly #sort: Sort<N, S>;

  constructor(deps: EntryDeps, sort: Sort<N, S>) {
    this.#deps = deps;
    this.#sort = sort;
  }

  async list(): Promise<S[]> {
    const rows = await repository.listEntries(this.#deps.store.db, this.#sort.kind);
    return rows.map((row) => this.#read(row.id, row.body));
  }

  async create(caller: Caller, value: N): Promise<S> {
    const { store, clock, random } = this.#deps;
    const createdAt = clock.now();
    const id = newId(createdAt, random);
    const entry = { ...this.#written(id, value), createdAt };
    await store
      .transaction(async (tx) => {
        const known = await repository.listEntries(tx, this.#sort.kind);
        if (known.length >= MOST) throw new AppError('too-large', `there are ${MOST} already`);
        await repository.insertEntry(tx, entry);
        await this.#tell(tx, caller, { verb: 'create', id, name: value.name });
      })
      .catch(conflictWhen({ taken: `there is one named "${value.name}" already` }));
    return this.#read(id, entry.body);
  }

  async update(caller: Caller, id: string, value: N): Promise<S> {
    const entry = this.#written(id, value);
    await this.#deps.store
      .transaction(async (tx) => {
        if (!(await repository.updateEntry(tx, entry))) throw this.#missing(id);
        await this.#tell(tx, caller, { verb: 'update', id, name: value.name });
      })
      .catch(conflictWhen({ taken: `there is one named "${value.name}" already` }));
    return this.#read(id, entry.body);
  }

  async remove(caller: Caller, id: string): Promise<void> {
    await this.#deps.store.transaction(async (tx) => {
      if (!(await repository.deleteEntry(tx, this.#sort.kind, id))) throw this.#missing(id);
      await this.#tell(tx, caller, { verb: 'remove', id, name: '' });
    });
  }

  #missing(id: string): AppError {
    return new AppError('not-found', `no ${this.#sort.kind} ${id}`);
  }

  #written(id: string, value: N) {
    const { kind, place, check } = this.#sort;
    check?.(value);
    return { id, kind, name: value.name, place: place?.(value) ?? 0, body: JSON.stringify(value) };
  }

  #read(id: string, body: string): S {
    return this.#sort.schema.parse({ ...z.record(z.string(), z.unknown()).parse(JSON.parse(body)), id });
  }

  async #tell(
    tx: Parameters<Audit['append']>[0],
    caller: Caller,
    { verb, id, name }: { verb: string; id: string; name: string },
  ): Promise<void> {
    const { audit, onChanged } = this.#deps;
    const { kind } = this.#sort;
    await audit.append(tx, {
      ...by(caller),
      verb: `${kind}.${verb}`,
      resource: `${kind}:${id}`,
      outcome: 'ok',
      ...(name === '' ? {} : { detail: { name } }),
    });
    afterCommit(onChanged);
  }
}
