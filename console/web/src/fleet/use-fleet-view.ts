// From what stands in the URL to the rows in sight: the text is understood, the scope joins it, the store answers.
import { useMemo, useState, useSyncExternalStore } from 'react';
import { useEstateScope } from '#console/web/src/shell/estate-scope.ts';
import { allOf, EVERYTHING, type Filter } from '#shared/base/filter/filter.ts';
import type { ParsedFilter } from '#shared/base/filter/parse-filter.ts';
import { readFilter, withoutWord } from './filter-text.ts';
import { fleet, useLoads } from './fleet.ts';
import { type FleetSearch, sortingOf } from './fleet-search.ts';
import { type FleetQuery, isOfLater } from './fleet-store.ts';
import { splitRemote } from './remote-terms.ts';
import { type RemoteState, useRemoteTerms } from './use-remote-terms.ts';

export type FilterFault = Extract<ParsedFilter, { ok: false }>;

export interface FleetView {
  /** Row numbers in order. */
  rows: readonly number[];
  /** What a person asked, without the scope; without the term that does not read. */
  filter: Filter;
  fault: FilterFault | undefined;
  /** The same as the store is asked, without the scope. */
  own: Filter;
  /** The chosen customer or site; both must fit. */
  scope: Filter;
  remote: RemoteState;
}

/** While a term does not read, the rest of the filter holds; where that does not read either, what read last. */
function useFilter(text: string): { filter: Filter; fault: FilterFault | undefined } {
  const parsed = useMemo(() => readFilter(text), [text]);
  const rest = useMemo(() => (parsed.ok ? parsed : readFilter(withoutWord(text, parsed))), [text, parsed]);
  const [good, setGood] = useState<Filter>(EVERYTHING);
  if (rest.ok && rest.filter !== good) setGood(rest.filter);
  return { filter: rest.ok ? rest.filter : good, fault: parsed.ok ? undefined : parsed };
}

const scopeFilter = (text: string): Filter => {
  const parsed = readFilter(text);
  return parsed.ok ? parsed.filter : EVERYTHING;
};

export function useFleetView(text: string, search: FleetSearch): FleetView {
  useLoads();
  const { filter, fault } = useFilter(text);
  const scopeText = useEstateScope().filter;
  const scope = useMemo(() => scopeFilter(scopeText), [scopeText]);
  const { filter: own, remote } = useMemo(() => splitRemote(filter), [filter]);
  const state = useRemoteTerms(remote);
  const { key, isDescending } = sortingOf(search);
  const query = useMemo<FleetQuery>(
    () => ({ filter: joined(own, scope), sort: key, isDescending }),
    [own, scope, key, isDescending],
  );
  const rows = useSyncExternalStore(fleet.subscribe, () => fleet.view(query));
  const hasReadings = useSyncExternalStore(fleet.subscribe, fleet.hasReadings);
  // Whoever asks for numbers, or for a word that a host name or serial number may hold, before they are here is told that more is on its way.
  const isAsking = state.isAsking || (!hasReadings && isOfLater(query));
  return { rows, filter, fault, own, scope, remote: { ...state, isAsking } };
}

export function joined(filter: Filter, scope: Filter): Filter {
  const both = allOf([filter, scope]);
  return both.type === 'all' && both.of.length === 0 ? EVERYTHING : both;
}
