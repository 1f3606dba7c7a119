// What somebody signs in with: read by the profile, the first set-up and the question who one is.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from '#console/web/src/api/api.ts';

export type Profile = Awaited<ReturnType<typeof api.profile.show>>;

export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: ({ signal }) => api.profile.show(undefined, { signal }),
});

/** Whatever changes a profile is answered with the whole of it. */
export function useTakeProfile(): (profile: Profile) => void {
  const queries = useQueryClient();
  return useCallback((profile) => queries.setQueryData(profileQuery.queryKey, profile), [queries]);
}
