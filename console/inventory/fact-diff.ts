// What changed between two readings of one kind of inventory: names that people know, cut to what a line can hold. Pure.

/** Each list has at most 20 names; `more` counts those left out. */
export interface FactDiff {
  added: string[];
  removed: string[];
  changed: string[];
  more: number;
}

/** A member that says nothing about the machine. */
const PASSED_OVER = new Set(['isTruncated', 'manager']);
const MAX_NAMES = 20;
const MAX_LENGTH = 120;
/** A body is whatever a device said; what is nested deeper than any collector nests is not compared. */
const MAX_DEPTH = 6;

/** Without `before` it is the first reading, and nothing of it is news. */
export function factDiff(kind: string, before: unknown, after: unknown): FactDiff {
  const lists: Lists = { added: [], removed: [], changed: [] };
  const [former, latter] = [membersOf(before), membersOf(after)];
  if (former !== undefined && latter !== undefined)
    for (const member of new Set([...former.keys(), ...latter.keys()]))
      if (!PASSED_OVER.has(member)) compareMember(kind, member, [former.get(member), latter.get(member)], lists);
  const cut = (names: readonly string[]) => names.slice(0, MAX_NAMES).map(short);
  const { added, removed, changed } = lists;
  const all = added.length + removed.length + changed.length;
  const shown = { added: cut(added), removed: cut(removed), changed: cut(changed) };
  return { ...shown, more: all - shown.added.length - shown.removed.length - shown.changed.length };
}

type Lists = Record<'added' | 'removed' | 'changed', string[]>;
type Members = ReadonlyMap<string, unknown>;

function compareMember(kind: string, member: string, [before, after]: [unknown, unknown], lists: Lists): void {
  if (Array.isArray(before) || Array.isArray(after)) {
    // A list that one reading lacks was not read: that is no removal.
    if (Array.isArray(before) && Array.isArray(after)) compareLists(kind, member, [before, after], lists);
    return;
  }
  if (fingerprint(before) !== fingerprint(after)) lists.changed.push(`${member} ${plain(before)} → ${plain(after)}`);
}

function compareLists(kind: string, member: string, [before, after]: [unknown[], unknown[]], lists: Lists): void {
  const naming = { kind, member };
  // Most entries are as they were: those go first, by their text alone.
  const { gone, fresh, same } = withoutEqual(before, after);
  const pairs = pairsOf(naming, gone, fresh);
  // Several of one name, as kernels have: each version is a thing of its own.
  const isSeveral = pairs.size === 0 ? () => false : keysAmong(naming, same, pairs);
  for (const [key, [were, are]] of pairs) {
    const [was, is] = [were[0], are[0]];
    if (were.length === 1 && are.length === 1 && !isSeveral(key)) {
      const text = changeText(naming, was, is);
      if (text !== undefined) lists.changed.push(text);
      continue;
    }
    for (const one of are) lists.added.push(labelOf(naming, one));
    for (const one of were) lists.removed.push(labelOf(naming, one));
  }
}

/** Entries that only one of the lists has, and those that both have. */
function withoutEqual(before: readonly unknown[], after: readonly unknown[]) {
  const known = new Map<string, unknown[]>();
  const [then, now] = [textsOf(before), textsOf(after)];
  for (const [i, one] of before.entries()) {
    const equal = known.get(then[i] ?? '');
    if (equal === undefined) known.set(then[i] ?? '', [one]);
    else equal.push(one);
  }
  const [fresh, same]: [unknown[], unknown[]] = [[], []];
  for (const [i, one] of after.entries()) {
    const equal = known.get(now[i] ?? '')?.pop();
    if (equal === undefined) fresh.push(one);
    else same.push(one);
  }
  return { gone: [...known.values()].flat(), fresh, same };
}

/** What a list of one kind is of. */
interface Naming {
  kind: string;
  member: string;
}

type Pairs = Map<string, [were: unknown[], are: unknown[]]>;

function pairsOf(naming: Naming, gone: readonly unknown[], fresh: readonly unknown[]): Pairs {
  const pairs: Pairs = new Map();
  const of = (one: unknown) => {
    const key = keyOf(naming, one);
    const pair = pairs.get(key) ?? [[], []];
    pairs.set(key, pair);
    return pair;
  };
  for (const one of fresh) of(one)[1].push(one);
  for (const one of gone) of(one)[0].push(one);
  return pairs;
}

function keysAmong(naming: Naming, same: readonly unknown[], pairs: Pairs): (key: string) => boolean {
  const keys = new Set<string>();
  for (const one of same) {
    const key = keyOf(naming, one);
    if (pairs.has(key)) keys.add(key);
  }
  return (key) => keys.has(key);
}

/** What makes an entry the same thing at both times. */
function keyOf(naming: Naming, one: unknown): string {
  const name = nameOf(naming, one);
  return naming.kind === 'packages' ? `${name} ${plain(memberOf(one, 'arch'), '')}` : name;
}

function nameOf({ kind, member }: Naming, one: unknown): string {
  const text = (name: string) => plain(memberOf(one, name), '');
  if (typeof one !== 'object' || one === null) return `${SINGULAR[member] ?? member} ${plain(one)}`;
  return kind === 'ports' ? `${text('protocol')}/${text('port')} ${text('address')}` : text('name') || '?';
}

function labelOf(naming: Naming, one: unknown): string {
  const text = (name: string) => plain(memberOf(one, name), '');
  const version = naming.kind === 'packages' ? ` ${text('version')}` : '';
  const program = naming.kind === 'ports' && text('process') !== '' ? ` (${text('process')})` : '';
  return `${nameOf(naming, one)}${version}${program}`.trim();
}

/** Lists of plain texts: what one of them is. */
const SINGULAR: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  gateways: 'gateway',
  nameServers: 'name server',
});

/** "bash 5.1 → 5.2", "nginx running → failed", "sda: sizeBytes"; undefined when only the order of members differs. */
function changeText(naming: Naming, was: unknown, is: unknown): string | undefined {
  const name = nameOf(naming, is);
  const member = TELLING[naming.kind];
  const [from, to] = member === undefined ? ['', ''] : [plain(memberOf(was, member)), plain(memberOf(is, member))];
  if (from !== to) return `${name} ${from} → ${to}`;
  const [former, latter] = [membersOf(was), membersOf(is)];
  const names = [...new Set([...(former?.keys() ?? []), ...(latter?.keys() ?? [])])];
  const differ = names.filter((one) => fingerprint(former?.get(one)) !== fingerprint(latter?.get(one)));
  return differ.length === 0 ? undefined : `${name}: ${differ.join(', ')}`;
}

/** The member whose old and new value tell the change. */
const TELLING: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  packages: 'version',
  services: 'state',
  ports: 'process',
});

function membersOf(value: unknown): Members | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  // Own members only: a device may leave out what every object inherits.
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/** A list is the later one of one change and the earlier one of the next: its texts are made once. */
const texts = new WeakMap<readonly unknown[], string[]>();

function textsOf(list: readonly unknown[]): string[] {
  const made = texts.get(list) ?? list.map(textOf);
  texts.set(list, made);
  return made;
}

/** Quick, and different for the same value in another order of members: `fingerprint` looks at those again. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Nested deeper than the stack; nothing else fails in what came out of JSON.
    return '…';
  }
}

/** The same text for the same value, whatever the order of its members. */
function fingerprint(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? '' : JSON.stringify(value);
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return `[${value.map((one) => fingerprint(one, depth + 1)).join()}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${fingerprint(one, depth + 1)}`).join()}}`;
}

function plain(value: unknown, none = '–'): string {
  if (value === null || value === undefined || value === '') return none;
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? short(fingerprint(value)) : String(value);
}

/** A cut through a surrogate pair leaves half a character, which no JSON may hold. */
const short = (text: string): string =>
  text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
