// Groups of devices: made, renamed, given a rule, removed; and who is put into those by hand.
import { by, type Caller, reachOf } from '#console/access/can.ts';
import { mustKeepRights } from '#console/access/right-bearers.ts';
import { type Scope, seesEverything } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { changeDetail } from '#console/audit/change-detail.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type DeviceId, GroupId, newId, type RandomBytes } from '#shared/base/id.ts';
import type { GroupKind } from '#shared/model/group.ts';
import { lockDevices } from './device-repository.ts';
import * as repository from './group-repository.ts';
import { countMembers, deleteMembers, insertMembers } from './member-repository.ts';
import { namesIn, renameInRule } from './rule-names.ts';

export interface Group extends repository.GroupRow {
  devices: number;
  /** Why it has no members, in words for people. */
  fault: string | null;
}

type Ruled = Pick<repository.GroupRow, 'id' | 'name' | 'kind' | 'rule' | 'parentId'>;

/** Who works the rules out; the fleet index does. */
export interface RuleDesk {
  /** What is wrong with `candidate` beside these groups (one of them may be its former self); a circle is named with its path. */
  faultOf: (candidate: Ruled, groups: readonly Ruled[]) => string | undefined;
  /** Once everything told so far is worked out. */
  sizes: (scope: Scope) => Promise<ReadonlyMap<string, { devices: number; fault: string | null }>>;
}

export interface NewGroup {
  name: string;
  description?: string | undefined;
  kind: GroupKind;
  rule?: string | undefined;
  parentId?: GroupId | undefined;
}

export interface GroupChange {
  name?: string | undefined;
  description?: string | undefined;
  rule?: string | undefined;
  parentId?: GroupId | null | undefined;
}

/** Told after the commit. */
export interface GroupOutlets {
  onGroupsChanged?: (() => void) | undefined;
  /** Put into a group by hand, or taken out of one. */
  onMembersChanged?: ((devices: readonly DeviceId[]) => void) | undefined;
}

// Every rule is asked of every device; a list longer than this helps nobody.
const MAX_GROUPS = 500;

export class Groups {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #random: RandomBytes;
  #rules: RuleDesk;
  #outlets: GroupOutlets;

  constructor(deps: {
    store: Store;
    audit: Audit;
    clock: Clock;
    random: RandomBytes;
    rules: RuleDesk;
    outlets?: GroupOutlets;
  }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#rules = deps.rules;
    this.#outlets = deps.outlets ?? {};
  }

  /** By name, with the number of members that may be seen. Who sees a part of the fleet sees the groups of that part. */
  async list(scope: Scope): Promise<Group[]> {
    const groups = await repository.listGroups(this.#store.db);
    const sizes = await this.#rules.sizes(scope);
    // A group of this moment is not worked out yet; its members by hand are known all the same.
    const isNew = groups.some(({ id }) => !sizes.has(id));
    const byHand = isNew ? await countMembers(this.#store.db, scope) : new Map<GroupId, number>();
    const shown = seesEverything(scope) ? groups : groups.filter(({ id }) => (sizes.get(id)?.devices ?? 0) > 0);
    return shown.map((group) => ({
      ...group,
      devices: sizes.get(group.id)?.devices ?? byHand.get(group.id) ?? 0,
      fault: sizes.get(group.id)?.fault ?? null,
    }));
  }

  /** Throws `not-found`. */
  async find(scope: Scope, id: GroupId): Promise<Group> {
    const group = (await this.list(scope)).find((one) => one.id === id);
    if (group === undefined) throw noGroup(id);
    return group;
  }

  /** Throws `bad-request` for a rule that does not read or asks itself, `conflict` for a name that is taken. */
  async create(caller: Caller, wish: NewGroup): Promise<GroupId> {
    mustSeeAll(caller);
    const createdAt = this.#clock.now();
    const id = GroupId.parse(newId(createdAt, this.#random));
    const { name, description = '', kind, rule = null, parentId = null } = wish;
    if (kind === 'rule' && rule === null) throw new AppError('bad-request', 'rule: a group by rule needs one');
    const group = { id, name, description, kind, rule, parentId, isShipped: false, createdAt };
    await this.#store
      .transaction(async (tx) => {
        const groups = await repository.lockGroups(tx);
        if (groups.length >= MAX_GROUPS) throw new AppError('too-large', `there are ${MAX_GROUPS} groups already`);
        this.#check(group, groups);
        await repository.insertGroup(tx, group);
        await this.#told(tx, caller, { verb: 'group.create', id, detail: { name, kind, rule, parent: parentId } });
      })
      .catch(conflictWhen({ taken: takenText(name), gone: 'the group it narrows was removed meanwhile' }));
    return id;
  }

  /** A new name goes into the rules that use the old one. */
  async update(caller: Caller, id: GroupId, change: GroupChange): Promise<void> {
    mustSeeAll(caller);
    await this.#store
      .transaction(async (tx) => {
        const groups = await repository.lockGroups(tx);
        const before = groups.find((one) => one.id === id);
        if (before === undefined) throw noGroup(id);
        if (change.rule !== undefined || change.parentId !== undefined)
          await mustKeepRights(tx, caller, { kind: 'group', words: [id] }, this.#clock.now());
        const { detail, changed } = changeDetail(before, change);
        if (detail === undefined) return;
        const defined = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        const after: repository.GroupRow = { ...before, ...defined };
        const rename = changed.has('name') ? { from: before.name, to: after.name } : undefined;
        const others = groups.filter((one) => one.id !== id).map((one) => renamed(one, rename));
        this.#check(after, [...others, before]);
        await repository.updateGroup(tx, after);
        for (const other of others)
          if (other.isRewritten && other.rule !== null) await repository.setRule(tx, other.id, other.rule);
        await this.#told(tx, caller, { verb: 'group.update', id, detail });
      })
      .catch(conflictWhen({ taken: takenText(change.name ?? ''), gone: 'the group it narrows was removed meanwhile' }));
  }

  /** Throws `conflict` that names what still needs it. */
  async remove(caller: Caller, id: GroupId): Promise<void> {
    mustSeeAll(caller);
    await this.#store
      .transaction(async (tx) => {
        const groups = await repository.lockGroups(tx);
        const group = groups.find((one) => one.id === id);
        if (group === undefined) throw noGroup(id);
        // A denial over it would end with it.
        await mustKeepRights(tx, caller, { kind: 'group', words: [id] }, this.#clock.now());
        const users = [...groupsThatUse(group, groups), ...(await repository.sitesThatGive(tx, id)).map(asSite)];
        if (users.length > 0)
          throw new AppError('conflict', `group "${group.name}" is needed: ${users.slice(0, MAX_LISTED).join('; ')}`);
        await repository.deleteGroup(tx, id);
        await this.#told(tx, caller, { verb: 'group.remove', id, detail: { name: group.name, rule: group.rule } });
      })
      .catch(conflictWhen({ gone: 'another group began to narrow it meanwhile' }));
  }

  /** Throws `conflict` for a group by rule. Devices that are gone, or are where they shall be, are passed over. */
  async changeMembers(
    caller: Caller,
    scope: Scope,
    id: GroupId,
    change: { add?: readonly DeviceId[] | undefined; remove?: readonly DeviceId[] | undefined },
  ): Promise<{ added: number; removed: number }> {
    return await this.#store
      .transaction(async (tx) => {
        const group = await repository.lockGroup(tx, id);
        if (group === undefined) throw noGroup(id);
        if (group.kind !== 'hand')
          throw new AppError('conflict', `the members of group "${group.name}" follow its rule`);
        await mustKeepRights(tx, caller, { kind: 'group', words: [id] }, this.#clock.now());
        const away = (await lockDevices(tx, scope, change.remove ?? [])).map((device) => device.id);
        const removed = await deleteMembers(tx, id, away);
        const added = await insertMembers(tx, id, change.add ?? [], scope);
        if (added.length + removed.length > 0) {
          afterCommit(() => this.#outlets.onMembersChanged?.([...new Set([...added, ...removed])]));
          const detail = { name: group.name, added: added.length, removed: removed.length };
          const row = { verb: 'group.change-members', resource: `group:${id}`, outcome: 'ok' as const, detail };
          await this.#audit.append(tx, { ...by(caller), ...row });
        }
        return { added: added.length, removed: removed.length };
      })
      .catch(conflictWhen({ gone: 'a device or the group was removed meanwhile' }));
  }

  #check(group: repository.GroupRow, groups: readonly repository.GroupRow[]): void {
    const name = group.name.toLowerCase();
    const twin = groups.find((one) => one.id !== group.id && one.name.toLowerCase() === name);
    // Rules compare names without case: two that differ in it alone would be one to them.
    if (twin !== undefined) throw new AppError('conflict', takenText(twin.name));
    if (group.kind === 'hand' && group.rule !== null)
      throw new AppError('bad-request', `rule: the members of group "${group.name}" are chosen by hand`);
    const fault = this.#rules.faultOf(group, groups);
    if (fault !== undefined) throw new AppError('bad-request', `group "${group.name}": ${fault}`);
  }

  async #told(
    tx: Tx,
    caller: Caller,
    {
      verb,
      id,
      detail,
    }: { verb: string; id: GroupId; detail: Record<string, string | number | boolean | null | undefined> },
  ): Promise<void> {
    afterCommit(() => this.#outlets.onGroupsChanged?.());
    await this.#audit.append(tx, { ...by(caller), verb, resource: `group:${id}`, outcome: 'ok', detail });
  }
}

/** A rule sorts the whole fleet, and rights may hang on it: who sees a part of it changes none. */
function mustSeeAll(caller: Caller): void {
  if (!seesEverything(reachOf(caller)))
    throw new AppError('denied', 'groups are made and changed by those who may do so over the whole estate');
}

/** Names listed in a message. */
const MAX_LISTED = 10;

const takenText = (name: string): string => `a group "${name}" exists already`;
const noGroup = (id: GroupId) => new AppError('not-found', `no group ${id}`);
const asSite = (name: string): string => `new devices of site "${name}" begin in it`;

function groupsThatUse(group: repository.GroupRow, groups: readonly repository.GroupRow[]): string[] {
  const name = group.name.toLowerCase();
  const byName = groups.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return byName.flatMap((other) => {
    if (other.id === group.id) return [];
    const isNamed = other.rule !== null && namesIn(other.rule, 'group').has(name);
    return [
      ...(other.parentId === group.id ? [`group "${other.name}" narrows it`] : []),
      ...(isNamed ? [`the rule of group "${other.name}" names it`] : []),
    ];
  });
}

function renamed(
  group: repository.GroupRow,
  rename: { from: string; to: string } | undefined,
): repository.GroupRow & { isRewritten: boolean } {
  const rule = rename === undefined || group.rule === null ? undefined : renameInRule(group.rule, 'group', rename);
  return rule === undefined ? { ...group, isRewritten: false } : { ...group, rule, isRewritten: true };
}
