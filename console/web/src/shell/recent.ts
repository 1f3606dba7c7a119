// The things one opened last, newest first, in this browser alone: the palette begins with them.
import { useEffect } from 'react';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';
import type { SearchHit } from '#shared/contract/system-contract.ts';

export interface RecentThing {
  kind: SearchHit['kind'];
  id: string;
  name: string;
  place: string | null;
}

const SETTING = 'rmm-recent';
/** As many as the palette shows without scrolling. */
const MAX = 6;

const isThing = (value: unknown): value is RecentThing =>
  typeof value === 'object' &&
  value !== null &&
  ['kind', 'id', 'name'].every((key) => typeof Reflect.get(value, key) === 'string');

/** What does not read as it was written is as good as nothing. */
export function parseRecent(text: string | null): RecentThing[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter(isThing).slice(0, MAX) : [];
  } catch {
    return [];
  }
}

export const withRecent = (list: readonly RecentThing[], thing: RecentThing): RecentThing[] =>
  [thing, ...list.filter((one) => one.id !== thing.id)].slice(0, MAX);

export const readRecent = (): RecentThing[] => parseRecent(readStored(SETTING));

export const forgetRecent = (): void => writeStored(SETTING, '[]');

/** The page of a thing calls it once the thing is read. */
export function useRecent(kind: RecentThing['kind'], id: string, name: string | undefined, place: string | null): void {
  useEffect(() => {
    if (name === undefined) return;
    writeStored(SETTING, JSON.stringify(withRecent(readRecent(), { kind, id, name, place })));
  }, [kind, id, name, place]);
}
