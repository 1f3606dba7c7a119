// Terms of the filter that the columns cannot answer, such as installed software: the console is asked for the devices that fit each.
import type { Filter } from '#shared/base/filter/filter.ts';
import { filterText } from './filter-text.ts';

/** Thousands of packages a device stay at the console. */
const REMOTE: ReadonlySet<string> = new Set(['software', 'service', 'credential']);

export interface SplitFilter {
  /** Every remote term stands in it as a question for its own text. */
  filter: Filter;
  /** The texts to ask the console for. */
  remote: readonly string[];
}

export function splitRemote(filter: Filter): SplitFilter {
  const remote = new Set<string>();
  const split = (one: Filter): Filter => {
    switch (one.type) {
      case 'all':
      case 'any':
        return { ...one, of: one.of.map(split) };
      case 'not':
        return { ...one, of: split(one.of) };
      case 'word':
        return one;
      default: {
        if (!REMOTE.has(one.field)) return one;
        const text = filterText(one);
        remote.add(text);
        return { type: 'has', field: text, as: 'text' };
      }
    }
  };
  const made = split(filter);
  return remote.size === 0 ? { filter, remote: [] } : { filter: made, remote: [...remote] };
}
