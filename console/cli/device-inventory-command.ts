// `rmm device inventory`: what a device told of itself, kind by kind; what it did not tell is unknown with the reason, never an empty list.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { Api } from './client.ts';
import { deviceNamed } from './named.ts';
import { age, pairs, table } from './output.ts';
import { look } from './verb.ts';

type Fact = Awaited<ReturnType<Api['devices']['facts']>>['facts'][number];
type Members = Readonly<Record<string, unknown>>;

/** A cell as wide as a path or a sentence; --json has all of it. */
const MAX_CELL = 60;
/** More columns do not fit a terminal. */
const MAX_COLUMNS = 8;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  const parts = Array.isArray(value) ? value : [value];
  const text = parts.map((part) => (typeof part === 'object' ? JSON.stringify(part) : String(part))).join(', ');
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text;
}

const membersOf = ({ body }: Fact): Members => (isMembers(body) ? body : {});

/** "unknown: denied", "42 services", "5 values". */
function holds(fact: Fact): string {
  const members = membersOf(fact);
  if (typeof members['unknown'] === 'string') return `unknown: ${members['unknown']}`;
  const lists = Object.entries(members).flatMap(([name, value]) =>
    Array.isArray(value) ? [`${value.length} ${name}`] : [],
  );
  return lists.length > 0 ? lists.join(', ') : `${Object.keys(members).length} values`;
}

export function inventoryTable(facts: readonly Fact[], now: number): string {
  const rows = [...facts].sort((a, b) => (a.kind < b.kind ? -1 : 1));
  return table(
    ['KIND', 'HOLDS', 'SEEN'],
    rows.map((fact) => [fact.kind, holds(fact), age(fact.seenAt, now)]),
  );
}

function listTable(name: string, rows: readonly unknown[]): string {
  if (!rows.some(isMembers)) return inert(`${name}: ${rows.length === 0 ? 'none' : rows.map(cell).join(', ')}`);
  const some = rows.filter(isMembers);
  const columns = [...new Set(some.flatMap((row) => Object.keys(row)))].slice(0, MAX_COLUMNS);
  return table(
    columns.map((column) => column.toUpperCase()),
    some.map((row) => columns.map((column) => cell(row[column]))),
  );
}

/** Single values first, then each list as a table. */
export function kindText(fact: Fact): string {
  const members = Object.entries(membersOf(fact));
  const values = members.filter(([, value]) => !Array.isArray(value));
  const lists = members.flatMap(([name, value]) => (Array.isArray(value) ? [listTable(name, value)] : []));
  const named = values.map(([name, value]): [string, string] => [name, cell(value)]);
  return [...(named.length > 0 ? [pairs(named)] : []), ...lists].join('\n\n');
}

export function addInventoryCommand(device: Command): void {
  look<Fact[]>(device, 'inventory <device> [kind]', {
    summary: 'what a device told of itself: every kind, or one of them: services, packages, security-scan ...',
    examples: ['device inventory fs-1', 'device inventory fs-1 services', 'device inventory fs-1 packages --json'],
    run: async ({ context: { api }, args: [word = '', kind] }) => {
      const { facts } = await api.devices.facts({ id: await deviceNamed(api, word) });
      const found = facts.filter((fact) => kind === undefined || fact.kind === kind);
      if (kind !== undefined && found.length === 0)
        throw new AppError(
          'not-found',
          `the device told nothing of the kind ${kind}; kinds: ${facts.map((fact) => fact.kind).join(', ') || 'none yet'}`,
        );
      return found;
    },
    text: (facts, { context, args: [, kind] }) => {
      const [fact] = facts;
      if (fact === undefined) return 'nothing yet';
      return kind === undefined ? inventoryTable(facts, context.clock.now()) : kindText(fact);
    },
  });
}
