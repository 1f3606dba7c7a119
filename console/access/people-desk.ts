// People and what they may do, as others manage them: nobody gives more than they hold, and there is always an owner.
import type { Audit } from '#console/audit/audit.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import type { NewGrant } from '#shared/model/grant.ts';
import { by, type Caller, type PersonActor } from './can.ts';
import { holdsOver, mayGive, mayLift } from './delegation.ts';
import type { EstatePlaces } from './estate-places.ts';
import type { Grant } from './grant.ts';
import { allGrants, deleteGrant, grantsOf, insertGrant } from './grant-repository.ts';
import { providedGrants } from './identity-repository.ts';
import * as repository from './people-repository.ts';
import type { RightsChanged } from './rights-changed.ts';
import { ROLES } from './roles.ts';
import { grantText } from './why.ts';

export interface KnownPerson extends repository.PersonRow {
  grants: Grant[];
}

/** More single grants are a role that is missing. */
const MAX_GRANTS = 100;
/** A console is run by tens of people; each is asked of in every list. */
const MAX_PEOPLE = 1_000;

interface Deps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  changed: RightsChanged;
  /** Told after the commit: their sessions, links and tokens have ended. */
  onEnded?: ((person: string) => void) | undefined;
  /** The estate as it is now. */
  places: () => EstatePlaces;
}

interface Act {
  verb: string;
  person: string;
  detail: Record<string, string | null | undefined>;
}

export class PeopleDesk {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** By name: those whose every right lies within what the caller may see of people, and oneself. */
  async list(caller: Caller): Promise<KnownPerson[]> {
    const { db } = this.#deps.store;
    const grants = await allGrants(db);
    const people = await repository.listPeople(db);
    const known = people.map((person) => ({ ...person, grants: grants.get(person.id) ?? [] }));
    return known.filter((person) => this.#sees(caller, 'person.read', person));
  }

  /** Throws `not-found`. */
  find(caller: Caller, id: string, verb = 'person.read'): Promise<KnownPerson> {
    return this.#find(this.#deps.store.db, caller, id, verb);
  }

  /** Throws `denied` for a grant that is more than the caller's own, `conflict` for a name that is taken. */
  async create(caller: Caller, name: string, wishes: readonly NewGrant[]): Promise<KnownPerson> {
    const createdAt = this.#deps.clock.now();
    const person = { id: newId(createdAt, this.#deps.random), name: nameOf(name), createdAt, disabledAt: null };
    const grants = wishes.map((wish) => this.#newGrant(wish));
    // Who sees a part of the people would not see one who has no place in it.
    if (!this.#sees(caller, 'person.grant', { ...person, grants }))
      throw new AppError('denied', 'a person is invited with rights that lie within your own');
    for (const grant of grants) this.#mustHold(caller, grant);
    await this.#act(caller, { verb: 'person.create', person: person.id, detail: { name } }, async (tx) => {
      if ((await repository.listPeople(tx)).length >= MAX_PEOPLE)
        throw new AppError('too-large', `there are ${MAX_PEOPLE} people already`);
      await this.#mustBeFree(tx, person.name);
      await repository.insertPerson(tx, person);
      for (const grant of grants) await insertGrant(tx, person.id, grant, createdAt);
    });
    for (const grant of grants) await this.#tellGrant(caller, person.id, grant);
    return { ...person, grants };
  }

  /** Another link for them; throws where they may do more than the caller, who could sign in as them. */
  async mustManage(caller: Caller, id: string, verb: string): Promise<KnownPerson> {
    const person = await this.find(caller, id, verb);
    this.#mustBeAbove(caller, person);
    return person;
  }

  async rename(caller: Caller, id: string, wanted: string): Promise<void> {
    const name = nameOf(wanted);
    const before = await this.mustManage(caller, id, 'person.write');
    if (before.name === name) return;
    const act = { verb: 'person.rename', person: id, detail: { from: before.name, to: name } };
    await this.#act(caller, act, async (tx) => {
      await this.#mustBeFree(tx, name, id);
      await repository.updatePerson(tx, id, { name });
    });
  }

  async setDisabled(caller: Caller, id: string, isDisabled: boolean): Promise<void> {
    const { name, disabledAt } = await this.mustManage(caller, id, 'person.write');
    if ((disabledAt !== null) === isDisabled) return;
    const act = { verb: isDisabled ? 'person.disable' : 'person.enable', person: id, detail: { name } };
    await this.#act(caller, act, async (tx) => {
      await repository.updatePerson(tx, id, { disabledAt: isDisabled ? this.#deps.clock.now() : null });
      if (!isDisabled) return;
      await repository.endAccess(tx, id);
      afterCommit(() => this.#deps.onEnded?.(id));
    });
  }

  /** Sessions, tokens, links and grants go with them. */
  async remove(caller: Caller, id: string): Promise<void> {
    const { name } = await this.mustManage(caller, id, 'person.remove');
    const act = { verb: 'person.remove', person: id, detail: { name } };
    await this.#act(caller, act, async (tx) => {
      await repository.deletePerson(tx, id);
      afterCommit(() => this.#deps.onEnded?.(id));
    });
  }

  async grant(caller: Caller, id: string, wish: NewGrant): Promise<Grant> {
    const person = await this.find(caller, id, 'person.grant');
    const grant = this.#newGrant(wish);
    this.#mustHold(caller, grant);
    if (person.grants.length >= MAX_GRANTS)
      throw new AppError('too-large', `${person.name} has ${MAX_GRANTS} grants already`);
    // A denial reaches into what they hold: it is given by whoever stands above them.
    if (grant.effect === 'deny') this.#mustBeAbove(caller, person);
    await this.#act(caller, this.#grantAct(id, grant, 'person.grant'), (tx) =>
      insertGrant(tx, id, grant, this.#deps.clock.now()),
    );
    return grant;
  }

  /** Throws `not-found` for a grant they do not have. */
  async ungrant(caller: Caller, id: string, grantId: string): Promise<void> {
    const person = await this.find(caller, id, 'person.grant');
    const grant = person.grants.find((one) => one.id === grantId);
    if (grant === undefined) throw new AppError('not-found', `${person.name} has no grant ${grantId}`);
    const asked = this.#asked();
    const isHeld =
      grant.effect === 'allow'
        ? mayGive(caller.actor, grant, asked)
        : mayLift(caller.actor, grant, person.grants, asked);
    if (!isHeld) throw new AppError('denied', 'this is more than you hold yourself, so it is not yours to take');
    await this.#act(caller, this.#grantAct(id, grant, 'person.ungrant'), async (tx) => {
      if (!(await deleteGrant(tx, id, grantId)))
        throw new AppError('not-found', `${person.name} has no grant ${grantId}`);
    });
  }

  /** A person as `can()` asks of them, whether they are signed in or not. */
  asActor({ id, name, grants }: KnownPerson): PersonActor {
    return { kind: 'person', id, name, via: 'session', grants, steppedUpAt: this.#deps.clock.now(), mustEnrol: false };
  }

  #asked() {
    return { places: this.#deps.places(), now: this.#deps.clock.now() };
  }

  #newGrant({ role, verbs, ...wish }: NewGrant): Grant {
    const id = newId(this.#deps.clock.now(), this.#deps.random);
    return { ...wish, id, role, verbs: role === null ? verbs : ROLES[role].verbs };
  }

  async #find(db: Db, caller: Caller, id: string, verb: string): Promise<KnownPerson> {
    const row = await repository.personById(db, id);
    const person = row === undefined ? undefined : { ...row, grants: await grantsOf(db, id) };
    if (person === undefined || !this.#sees(caller, verb, person)) throw new AppError('not-found', `no person ${id}`);
    return person;
  }

  #sees({ actor }: Caller, verb: string, { id, grants }: KnownPerson): boolean {
    if (actor.kind === 'person' && actor.id === id) return true;
    const asked = this.#asked();
    if (grants.length === 0) return holdsOver(actor, verb, { kind: 'everything' }, asked);
    return grants.every(({ over }) => holdsOver(actor, verb, over, asked));
  }

  #mustHold({ actor }: Caller, grant: Grant): void {
    const asked = this.#asked();
    // A denial takes nothing that its giver must hold, but its place must be theirs.
    const isHeld =
      grant.effect === 'allow' ? mayGive(actor, grant, asked) : holdsOver(actor, 'person.grant', grant.over, asked);
    if (!isHeld) throw new AppError('denied', 'nobody gives more than they hold: in verbs, in place and in time');
  }

  /** Who may do more than the caller is not the caller's to change: a limited token's own person may do more than the token. */
  #mustBeAbove({ actor }: Caller, { id, name, grants }: KnownPerson): void {
    if (actor.kind === 'person' && actor.id === id && actor.limits === undefined) return;
    const asked = this.#asked();
    const above = grants.find((grant) => grant.effect === 'allow' && !mayGive(actor, grant, asked));
    if (above !== undefined) throw new AppError('denied', `${name} may do more than you: that is for somebody else`);
  }

  async #mustBeFree(tx: Tx, name: string, self?: string): Promise<void> {
    const wanted = name.toLowerCase();
    const taken = (await repository.listPeople(tx)).find((one) => one.id !== self && one.name.toLowerCase() === wanted);
    if (taken !== undefined) throw new AppError('conflict', `there is a person called "${taken.name}" already`);
  }

  /** One change of rights at a time: two owners that remove each other at once are two no more, but one. */
  async #act(caller: Caller, { verb, person, detail }: Act, change: (tx: Tx) => Promise<void>): Promise<void> {
    await this.#deps.store.transaction(async (tx) => {
      await tx.selectFrom('instance').select('id').where('id', '=', 1).$call(lockRows(tx)).execute();
      const before = await owners(tx);
      await change(tx);
      if (before > 0 && (await owners(tx)) === 0)
        throw new AppError('conflict', 'this is the last owner who was made here: make another one first');
      afterCommit(() => this.#deps.changed.tell(person));
      await this.#deps.audit.append(tx, { ...by(caller), verb, resource: `person:${person}`, outcome: 'ok', detail });
    });
  }

  async #tellGrant(caller: Caller, person: string, grant: Grant): Promise<void> {
    const { detail } = this.#grantAct(person, grant, 'person.grant');
    const row = { verb: 'person.grant', resource: `person:${person}`, outcome: 'ok' as const, detail };
    await this.#deps.store.transaction((tx) => this.#deps.audit.append(tx, { ...by(caller), ...row }));
  }

  #grantAct(person: string, grant: Grant, verb: string): Act {
    const { id, effect, role, verbs, over, from, until, hours } = grant;
    const times = { from, until };
    const when = Object.entries(times).flatMap(([key, at]) => (at === null ? [] : [[key, new Date(at).toISOString()]]));
    const detail = {
      ...{ grant: id, effect, role, verbs: role === null ? verbs.join(' ') : undefined },
      over: over.kind === 'everything' ? over.kind : `${over.kind}:${over.id}`,
      ...Object.fromEntries(when),
      hours: hours === null ? undefined : JSON.stringify(hours),
      text: grantText(this.#deps.places(), grant),
    };
    return { verb, person, detail };
  }
}

/** As the database holds it: half a letter is none. */
const nameOf = (name: string): string => storedText(name, 120);

/** Those who may do everything, everywhere, at all times, and are denied nothing; what a provider gave it may take again. */
async function owners(tx: Tx): Promise<number> {
  const grants = await allGrants(tx);
  const provided = await providedGrants(tx);
  const people = await repository.listPeople(tx);
  return people.filter(({ id, disabledAt }) => {
    const own = grants.get(id) ?? [];
    const isWhole = ({ id: grant, effect, role, over, from, until, hours }: Grant) =>
      !provided.has(grant) &&
      effect === 'allow' &&
      role === 'owner' &&
      over.kind === 'everything' &&
      from === null &&
      until === null &&
      hours === null;
    return disabledAt === null && own.some(isWhole) && own.every(({ effect }) => effect === 'allow');
  }).length;
}
