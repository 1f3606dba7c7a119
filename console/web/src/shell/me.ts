// Who is signed in: asked once, before the first page is drawn.
import { queryOptions } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.session.me(undefined, { signal }),
});
