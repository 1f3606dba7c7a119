// Who is signed in: asked once, before the first page is drawn.
import { queryOptions } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { setHeldVerbs } from '#console/web/src/rights/may.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    const me = await api.session.me(undefined, { signal });
    setHeldVerbs(me.verbs);
    return me;
  },
});
