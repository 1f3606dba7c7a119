// Which customer or site one looks at: two words in the URL that stay while one goes from page to page.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { type EstateScope, type ScopeSearch, scopeOf } from './scope-search.ts';

export const sitesQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: async ({ signal }) => (await api.sites.list(undefined, { signal })).items,
});

export const useSites = () => useQuery(sitesQuery);

const NO_SITES: [] = [];

/** What the choice comes to; every list that shows devices or sites narrows itself by it. */
export function useEstateScope(): EstateScope {
  const { customer, site } = useSearch({ from: '/shell' });
  const sites = useSites().data ?? NO_SITES;
  return useMemo(
    () => scopeOf({ ...(customer === undefined ? {} : { customer }), ...(site === undefined ? {} : { site }) }, sites),
    [customer, site, sites],
  );
}

/** Chooses for this page and all that follow; an empty choice is the whole estate. */
export function useChooseScope(): (choice: ScopeSearch) => void {
  const navigate = useNavigate();
  return useCallback(
    (choice) =>
      void navigate({
        to: '.',
        search: (former) => ({ ...former, customer: choice.customer, site: choice.site }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
}
