// Which part of the estate a right is over, in words.
import type { Option } from '#console/web/src/ui/select.tsx';
import { t } from './text.ts';

export const OVER_KINDS = ['everything', 'customer', 'site', 'group', 'tag', 'device'] as const;
export type OverKind = (typeof OVER_KINDS)[number];

/** As the API takes and gives it: everything has no id. */
export type Over = { kind: 'everything' } | { kind: Exclude<OverKind, 'everything'>; id: string };

/** As it is chosen: a kind, and the thing once it is found. */
export interface ChosenOver {
  kind: OverKind;
  thing: Option | null;
}

export const EVERYTHING: ChosenOver = { kind: 'everything', thing: null };

/** Undefined while the thing is not chosen yet. */
export function overOf({ kind, thing }: ChosenOver): Over | undefined {
  if (kind === 'everything') return { kind };
  return thing === null ? undefined : { kind, id: thing.value };
}

/** "site Harbour"; what is gone is told by its id. */
export function overText(over: Over, name: string | null): string {
  if (over.kind === 'everything') return t('overIs_everything');
  const called = name ?? (over.kind === 'tag' ? over.id : t('gone', { id: over.id.slice(0, 8) }));
  return t(`overIs_${over.kind}`, { name: called });
}
