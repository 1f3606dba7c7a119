// What an edit changed, as the flat detail of an audit row: old and new of each member that differs. Pure.
import type { AuditEntry } from './audit.ts';

type Value = string | number | boolean | null;

const flat = (value: unknown): Value => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
};

export interface Edit {
  /** Undefined: nothing differs, and nothing needs to be written. */
  detail: NonNullable<AuditEntry['detail']> | undefined;
  changed: ReadonlySet<string>;
}

/**
 * `name` becomes `name.from` and `name.to`. Members in `long` are too long to repeat for ever: theirs is "changed".
 * A member of `after` that is undefined was not asked for.
 */
export function changeDetail(before: object, after: object, long: readonly string[] = []): Edit {
  const former = new Map<string, unknown>(Object.entries(before));
  const detail: Record<string, Value> = {};
  const changed = new Set<string>();
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const [from, to] = [flat(former.get(name)), flat(value)];
    if (from === to) continue;
    changed.add(name);
    if (long.includes(name)) detail[name] = 'changed';
    else Object.assign(detail, { [`${name}.from`]: from, [`${name}.to`]: to });
  }
  return { detail: changed.size === 0 ? undefined : detail, changed };
}
