// Who is a member of which group, kept as one byte per row and group, and worked out again for the rows that changed.
import { compileFilter } from '#shared/base/filter/compile-filter.ts';
import { type AskGroups, fleetAccess } from './fleet-access.ts';
import type { FleetRows } from './fleet-rows.ts';
import { type GroupRecord, type PlannedGroup, planGroups } from './group-plan.ts';

export interface GroupState extends PlannedGroup {
  /** By row: 1 is a member. */
  members: Uint8Array;
}

export class GroupMembers {
  readonly #rows: FleetRows;
  /** Each after those it asks. */
  #groups: GroupState[] = [];

  constructor(rows: FleetRows) {
    this.#rows = rows;
  }

  get groups(): readonly GroupState[] {
    return this.#groups;
  }

  get records(): readonly GroupRecord[] {
    return this.#groups;
  }

  get hasLive(): boolean {
    return this.#groups.some(({ isLive }) => isLive);
  }

  /** Takes new groups or rules; memberships of groups that stay are kept until the next `refresh` of all rows. */
  replace(groups: readonly GroupRecord[]): void {
    const before = new Map(this.#groups.map((group) => [group.id, group.members]));
    this.#groups = planGroups(groups).map((group) => ({
      ...group,
      members: before.get(group.id) ?? new Uint8Array(this.#rows.site.length),
    }));
  }

  /** Works these rows out again, in all groups or only in those that live; calls `onChanged` for each row that moved. */
  refresh(some: Iterable<number>, which: 'all' | 'live', nowMs: number, onChanged: (row: number) => void): void {
    const asks = this.#compile(which, nowMs);
    if (asks.length === 0) return;
    for (const row of some) {
      const isUsed = this.#rows.isUsed(row);
      let hasMoved = false;
      for (const { group, ask } of asks) {
        const isMember = isUsed && ask(row) ? 1 : 0;
        if (group.members[row] === isMember) continue;
        group.members[row] = isMember;
        hasMoved = true;
      }
      if (hasMoved) onChanged(row);
    }
  }

  groupsOf(row: number): GroupState[] {
    return this.#groups.filter((group) => group.members[row] === 1);
  }

  /** How the filter's `group:` reads a row. */
  readonly ask: AskGroups = (test) => {
    const asked = this.#groups.filter(({ name }) => test(name.toLowerCase())).map(({ members }) => members);
    return (row) => asked.some((members) => members[row] === 1);
  };

  #compile(which: 'all' | 'live', nowMs: number): Array<{ group: GroupState; ask: (row: number) => boolean }> {
    const rows = this.#rows;
    const access = fleetAccess(rows, this.ask);
    const byId = new Map(this.#groups.map((group) => [group.id, group]));
    for (const group of this.#groups) group.members = longEnough(group.members, rows.site.length);
    return this.#groups
      .filter(({ isLive }) => which === 'all' || isLive)
      .map((group) => {
        const { filter, id, parentId } = group;
        if (filter === undefined) return { group, ask: () => false };
        const own =
          group.kind === 'hand'
            ? (row: number) => rows.handGroups[row]?.includes(id) ?? false
            : compileFilter(filter, access, nowMs);
        const parent = parentId === null ? undefined : byId.get(parentId);
        // A group narrows its parent: its members are members there too. The parent stands before it.
        return { group, ask: parent === undefined ? own : (row) => parent.members[row] === 1 && own(row) };
      });
  }
}

function longEnough(members: Uint8Array, length: number): Uint8Array {
  if (members.length >= length) return members;
  const longer = new Uint8Array(length);
  longer.set(members);
  return longer;
}
