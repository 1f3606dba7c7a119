// Reads the body of a fact: data of a device, of which nothing is sure but that it is JSON.
import type { Fact } from './device-data.ts';

export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const factOf = (facts: readonly Fact[] | undefined, kind: string): Fact | undefined =>
  facts?.find((fact) => fact.kind === kind);

/** Why nothing is known of it, where the machine did not tell: that is no empty list. */
export const unknownIn = (fact: Fact | undefined): string | undefined =>
  isMembers(fact?.body) && typeof fact.body['unknown'] === 'string' ? fact.body['unknown'] : undefined;

/** The objects of a list in a fact; none where there is no such list. */
export function rowsIn(fact: Fact | undefined, list: string): Members[] {
  if (!isMembers(fact?.body)) return [];
  const items = fact.body[list];
  return Array.isArray(items) ? items.filter(isMembers) : [];
}

export function textsIn(fact: Fact | undefined, list: string): string[] {
  if (!isMembers(fact?.body)) return [];
  const items = fact.body[list];
  return Array.isArray(items) ? items.filter((item) => typeof item === 'string') : [];
}

/** A member as text; '' where it is unknown. */
export function textAt(members: Members, name: string): string {
  const value = members[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export const numberAt = (members: Members, name: string): number | undefined => {
  const value = members[name];
  return typeof value === 'number' ? value : undefined;
};

export function listAt(members: Members, name: string): string[] {
  const value = members[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Every word is found somewhere in the texts of a row. */
export function fitsWords(row: Members, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = JSON.stringify(Object.values(row)).toLowerCase();
  return words.every((word) => text.includes(word));
}

export const wordsOf = (typed: string): string[] => typed.toLowerCase().split(/\s+/).filter(Boolean);

/** Failed ones first, then those that run, then the rest; by name within. */
const RANK: Readonly<Record<string, number>> = { failed: 0, activating: 1, active: 2 };
export const serviceRank = (service: Members): number => RANK[textAt(service, 'active')] ?? 3;
