// Starts the web console: what was read is kept by the query client, every view is a route, one feed keeps all live.
import './plain-schemas.ts';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isSignedOut, isWorthRetrying } from './api/fault.ts';
import { fleetQuery } from './fleet/fleet.ts';
import { loadLanguage } from './i18n/catalogue.ts';
import { router } from './router.tsx';
import { followAppearance } from './settings/appearance.ts';
import { sitesQuery } from './shell/estate-scope.ts';
import { meQuery } from './shell/me.ts';
import { statusQuery } from './shell/use-status.ts';
import './styles.css';

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended shows at whatever is asked first; who one is is then asked again, and leads to the door.
    onError: (error, { queryKey }) => {
      if (isSignedOut(error) && queryKey[0] !== 'me') void queries.invalidateQueries({ queryKey: ['me'] });
    },
  }),
  defaultOptions: {
    queries: {
      // The feed says when something is stale; time alone does not make it so.
      staleTime: 60_000,
      retry: isWorthRetrying,
      // Being offline is found out by asking: a console on this machine answers without any network.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** A page that is here within it is drawn once and whole; after it the frame is drawn, and what it holds follows. */
const PATIENCE_MS = 250;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The door and what stands before it, the link of a message, and the page of components of a development build: they show nothing of the console. */
const isFrameless = ['/sign-in', '/set-up', '/acknowledge', '/ui'].includes(location.pathname);

/** What the frame shows, and the page with its code and rows: all of it was asked for before this code came. */
async function firstPage(): Promise<void> {
  const asked = [queries.prefetchQuery(meQuery), queries.prefetchQuery(sitesQuery), queries.prefetchQuery(statusQuery)];
  // Rows that come while the code does are drawn with the frame: each drawing of a page costs as much as all that is new in it.
  if (location.pathname === '/fleet') asked.push(queries.prefetchQuery(fleetQuery));
  await Promise.all([router.load(), ...asked]);
}

followAppearance();
await loadLanguage();
// Whatever fails is met again, and shown, by what is drawn.
await Promise.race([(isFrameless ? router.load() : firstPage()).catch(() => undefined), sleep(PATIENCE_MS)]);
const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
