// Which groups and tags the rule of a group names, and the same rule after one of them was renamed. Pure.
import { type Filter, termsOf } from '#shared/base/filter/filter.ts';
import { formatFilter } from '#shared/base/filter/format-filter.ts';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';

export type NamedField = 'group' | 'tag';

/** Wildcards name nobody in particular. Lower case, as the filter compares; a rule that does not read names nothing. */
export function namesIn(rule: string, field: NamedField): ReadonlySet<string> {
  const parsed = parseFilter(rule, FLEET_FIELDS);
  const names = new Set<string>();
  if (!parsed.ok) return names;
  for (const term of termsOf(parsed.filter)) {
    if (term.type !== 'text' || term.field !== field) continue;
    for (const [name = '', ...more] of term.values) if (more.length === 0) names.add(name.toLowerCase());
  }
  return names;
}

/** The rule with the other name; undefined where it does not name it. */
export function renameInRule(rule: string, field: NamedField, name: { from: string; to: string }): string | undefined {
  const from = name.from.toLowerCase();
  if (!namesIn(rule, field).has(from)) return undefined;
  const parsed = parseFilter(rule, FLEET_FIELDS);
  if (!parsed.ok) return undefined;
  const rename = (filter: Filter): Filter => {
    switch (filter.type) {
      case 'all':
      case 'any':
        return { type: filter.type, of: filter.of.map(rename) };
      case 'not':
        return { type: 'not', of: rename(filter.of) };
      case 'text': {
        if (filter.field !== field) return filter;
        const isIt = (value: readonly string[]) => value.length === 1 && value[0]?.toLowerCase() === from;
        return { ...filter, values: filter.values.map((value) => (isIt(value) ? [name.to] : value)) };
      }
      default:
        return filter;
    }
  };
  return formatFilter(rename(parsed.filter), FLEET_FIELDS);
}
