// Every view is a URL: the fleet, one device, and the door.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { parseSpan } from './device/span.ts';
import { FleetPage } from './fleet/fleet-page.tsx';
import { parseFleetSearch } from './fleet/fleet-query.ts';
import { NotFound, PageFault } from './shell/page-fault.tsx';
import { Shell } from './shell/shell.tsx';
import { SignInPage } from './shell/sign-in-page.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageFault });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });
const fleet = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: FleetPage,
  validateSearch: parseFleetSearch,
});
const device = createRoute({
  getParentRoute: () => shell,
  path: '/devices/$id',
  // Charts are the heavy part, and the fleet needs none.
  component: lazyRouteComponent(() => import('./device/device-page.tsx'), 'DevicePage'),
  validateSearch: parseSpan,
});
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage });

export const router = createRouter({
  routeTree: root.addChildren([shell.addChildren([fleet, device]), signIn]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
