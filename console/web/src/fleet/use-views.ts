// Saved views of the fleet: read, kept and forgotten at the console, so that they follow a person to another browser.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import { type FleetSearch, parseFleetSearch } from './fleet-search.ts';
import { t } from './text.ts';

export interface View {
  id: string;
  name: string;
  search: FleetSearch;
  isShared: boolean;
  isOwn: boolean;
}

const KEY = ['views'];

export const useViews = () =>
  useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }): Promise<View[]> => {
      const { items } = await api.views.list(undefined, { signal });
      return items
        .filter(({ page }) => page === 'fleet')
        .map((item) => ({ ...item, search: parseFleetSearch(item.search) }));
    },
  });

interface NewView {
  name: string;
  isShared: boolean;
  search: FleetSearch;
}

/** What a view keeps: all of the URL but which view it began as. */
export const keptSearch = ({ view: _began, ...search }: FleetSearch): Omit<FleetSearch, 'view'> => search;

/** Does the URL still show what the view says? */
export function isAsSaved(view: View, search: FleetSearch): boolean {
  const textOf = (one: FleetSearch) =>
    JSON.stringify(Object.entries(keptSearch(one)).sort(([a], [b]) => (a < b ? -1 : 1)));
  return textOf(view.search) === textOf(search);
}

export function useSaveView(onSaved: (id: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ search, ...view }: NewView) =>
      api.views.create({ page: 'fleet', ...view, search: { ...keptSearch(search) } }),
    onSuccess: async ({ id, name }) => {
      await queries.invalidateQueries({ queryKey: KEY });
      toast.say(t('viewSaved', { name }));
      onSaved(id);
    },
  });
}

export function useForgetView() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: View) => api.views.remove({ id }),
    onSuccess: async (_, { name }) => {
      await queries.invalidateQueries({ queryKey: KEY });
      toast.say(t('viewForgotten', { name }));
    },
    onError: (error) => toast.fault(error, t('viewForgetFault')),
  });
}
