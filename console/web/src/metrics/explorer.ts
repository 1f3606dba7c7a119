// The state of the metrics page, read from its URL, and the way to change it there.
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useEstateScope } from '#console/web/src/shell/estate-scope.ts';
import { type Time, useTime } from '#console/web/src/span/use-time.ts';
import {
  idsOf,
  LIMITS,
  type MetricsSearch,
  type MetricsView,
  type TopBy,
  USUAL_METRIC,
  USUAL_SPAN,
} from './explorer-search.ts';

const route = getRouteApi('/shell/metrics');

/** Members that are undefined leave the URL. */
type Change = { [Key in keyof MetricsSearch]?: MetricsSearch[Key] | undefined };

export interface Explorer {
  search: MetricsSearch;
  metric: string;
  view: MetricsView;
  ids: readonly string[];
  over: string;
  by: TopBy;
  limit: number;
  time: Time;
  /** A step that the browser's way back leads out of, unless it only mends what is there. */
  go: (change: Change, isMend?: boolean) => void;
}

export function useExplorer(): Explorer {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { customer, site } = useEstateScope();
  const ids = useMemo(() => idsOf(search.devices), [search.devices]);
  const go = (change: Change, isMend = false) =>
    void navigate({
      to: '/metrics',
      search: (former) => defined({ ...former, ...change }),
      replace: isMend,
      resetScroll: false,
    });
  return {
    search,
    metric: search.metric ?? USUAL_METRIC,
    view: search.show ?? 'top',
    ids,
    // What is chosen for all pages holds here too, until something is chosen here.
    over:
      search.over ??
      (site !== undefined ? `site:${site.id}` : customer !== undefined ? `customer:${customer.id}` : 'fleet'),
    by: search.by ?? 'avg',
    limit: search.top ?? LIMITS[0],
    time: useTime(search, USUAL_SPAN),
    go,
  };
}

/** Without the members that are undefined: the router writes what is there. */
const defined = (search: Change): MetricsSearch =>
  // Only members that were there stay, and each is of its own type.
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as MetricsSearch;
