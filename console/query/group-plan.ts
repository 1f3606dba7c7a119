// Reads the rules of all groups and puts them in an order in which each comes after those it asks; a circle is named, not walked.

import { patternTest } from '#shared/base/filter/compile-filter.ts';
import { type Filter, fieldsOf, termsOf } from '#shared/base/filter/filter.ts';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';

/** A group as the database holds it. */
export interface GroupRecord {
  id: string;
  name: string;
  kind: 'hand' | 'rule';
  rule: string | null;
  /** The group it narrows. */
  parentId: string | null;
}

export interface PlannedGroup extends GroupRecord {
  /** Everything for a group by hand; undefined where the rule does not read. */
  filter: Filter | undefined;
  /** Why it has no members, in words for people. */
  fault: string | null;
  /** Its answer changes with time and readings, not only with what is known of a device. */
  isLive: boolean;
}

/** Fields whose answer moves by itself. */
const LIVE_FIELDS = new Set(
  Object.entries(FLEET_FIELDS).flatMap(([name, { kind }]) => (kind === 'number' || kind === 'age' ? [name] : [])),
);

interface Node {
  group: GroupRecord;
  filter: Filter | undefined;
  fault: string | null;
  /** Ids of the groups it asks: its parent, and those its rule names. */
  asks: readonly string[];
}

/** Each after those it asks. Groups in a circle, and those whose rule does not read, have a fault and no members. */
export function planGroups(groups: readonly GroupRecord[]): PlannedGroup[] {
  const nodes = new Map(groups.map((group) => [group.id, nodeOf(group, groups)]));
  const planned = new Map<string, PlannedGroup>();
  const walk = (id: string): void => {
    const node = nodes.get(id);
    if (node === undefined || planned.has(id)) return;
    const path = circleOf(id, nodes);
    if (path !== undefined) {
      planned.set(id, { ...node.group, filter: undefined, fault: circleText(path, nodes), isLive: false });
      return;
    }
    for (const asked of node.asks) walk(asked);
    const isLive = isLiveByItself(node) || node.asks.some((asked) => planned.get(asked)?.isLive === true);
    planned.set(id, { ...node.group, filter: node.filter, fault: node.fault, isLive });
  };
  for (const { id } of groups) walk(id);
  return [...planned.values()];
}

/** What is wrong with a group before it is saved: undefined where nothing is. `candidate` replaces the one with its id. */
export function faultOf(candidate: GroupRecord, groups: readonly GroupRecord[]): string | undefined {
  const others = groups.filter(({ id }) => id !== candidate.id);
  const all = [...others, candidate];
  const nodes = new Map(all.map((group) => [group.id, nodeOf(group, all)]));
  const path = circleOf(candidate.id, nodes);
  return path === undefined ? (nodes.get(candidate.id)?.fault ?? undefined) : circleText(path, nodes);
}

function nodeOf(group: GroupRecord, groups: readonly GroupRecord[]): Node {
  const isParentGone = group.parentId !== null && !groups.some(({ id }) => id === group.parentId);
  const parents = group.parentId === null ? [] : [group.parentId];
  if (isParentGone) return { group, filter: undefined, fault: 'the group it narrows is gone', asks: [] };
  if (group.kind === 'hand') return { group, filter: { type: 'all', of: [] }, fault: null, asks: parents };
  const parsed = parseFilter(group.rule ?? '', FLEET_FIELDS);
  if (!parsed.ok)
    return { group, filter: undefined, fault: `the rule does not read: ${parsed.message}`, asks: parents };
  const { asked, missing } = namedGroups(parsed.filter, groups);
  if (missing !== undefined)
    return {
      group,
      filter: undefined,
      fault: `the rule names the group "${missing}", which does not exist`,
      asks: parents,
    };
  return { group, filter: parsed.filter, fault: null, asks: [...parents, ...asked] };
}

/** Which groups a rule names; a name with a wildcard may name none. */
function namedGroups(filter: Filter, groups: readonly GroupRecord[]): { asked: string[]; missing: string | undefined } {
  const asked: string[] = [];
  for (const term of termsOf(filter)) {
    // "has:group" asks all of them.
    if (term.type === 'has' && term.field === 'group') asked.push(...groups.map(({ id }) => id));
    if (term.type !== 'text' || term.field !== 'group') continue;
    for (const pattern of term.values) {
      const isNamed = patternTest(pattern, 'is');
      const named = groups.filter(({ name }) => isNamed(name.toLowerCase()));
      if (named.length === 0 && pattern.length === 1) return { asked, missing: pattern[0] };
      asked.push(...named.map(({ id }) => id));
    }
  }
  return { asked, missing: undefined };
}

function isLiveByItself({ filter }: Node): boolean {
  return filter !== undefined && [...fieldsOf(filter)].some((field) => LIVE_FIELDS.has(field));
}

/** The shortest way from a group back to itself. */
function circleOf(id: string, nodes: ReadonlyMap<string, Node>): string[] | undefined {
  const seen = new Set<string>();
  let ways: string[][] = [[id]];
  while (ways.length > 0) {
    const next: string[][] = [];
    for (const way of ways)
      for (const asked of nodes.get(way.at(-1) ?? '')?.asks ?? []) {
        if (asked === id) return [...way, id];
        if (seen.has(asked)) continue;
        seen.add(asked);
        next.push([...way, asked]);
      }
    ways = next;
  }
  return undefined;
}

const circleText = (path: readonly string[], nodes: ReadonlyMap<string, Node>): string =>
  `the group asks itself: ${path.map((id) => nodes.get(id)?.group.name ?? id).join(' -> ')}`;
