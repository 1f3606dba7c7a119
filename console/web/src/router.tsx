// Every view is a URL, and every page a file of its own that is loaded when somebody goes there.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  retainSearchParams,
} from '@tanstack/react-router';
import { parseAuditSearch } from './audit/audit-search.ts';
import { parseDeviceSearch } from './device/span.ts';
import { readAhead } from './fleet/fleet.ts';
import { parseFleetSearch } from './fleet/fleet-search.ts';
import { parseIncidentsSearch } from './incidents/incidents-search.ts';
import { parseMetricsSearch } from './metrics/explorer-search.ts';
import { parseLoadSearch } from './metrics/load-search.ts';
import { parseNotificationsSearch } from './notify/notifications-search.ts';
import { parseNewOrder, parseOrder } from './orders/order-search.ts';
import { parseWhySearch } from './people/why-search.ts';
import { parseCalendarSearch, parseExplainSearch, parseLayerSearch } from './policies/policy-search.ts';
import { NotFound, PageFault } from './shell/page-fault.tsx';
import { PageWait } from './shell/page-wait.tsx';
import { parseScope, type ScopeSearch } from './shell/scope-search.ts';
import { Shell } from './shell/shell.tsx';
import { parseNewStanding } from './standing/standing-search.ts';
import { parseStorageSearch } from './storage/storage-search.ts';
import { parseImportSearch } from './transfer/import-search.ts';
import { parseSealSearch } from './trust/seal-search.ts';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageFault });
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  validateSearch: parseScope,
  // The chosen customer and site go along to the next page.
  search: { middlewares: [retainSearchParams<ScopeSearch>(['customer', 'site'])] },
});
const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./overview/overview-page.tsx'), 'OverviewPage'),
  validateSearch: parseLoadSearch,
});
const fleet = createRoute({
  getParentRoute: () => shell,
  path: '/fleet',
  component: lazyRouteComponent(() => import('./fleet/fleet-page.tsx'), 'FleetPage'),
  validateSearch: parseFleetSearch,
  loader: readAhead,
});
const device = createRoute({
  getParentRoute: () => shell,
  path: '/devices/$id',
  component: lazyRouteComponent(() => import('./device/device-page.tsx'), 'DevicePage'),
  validateSearch: parseDeviceSearch,
});
const terminal = createRoute({
  getParentRoute: () => shell,
  path: '/devices/$id/terminal',
  component: lazyRouteComponent(() => import('./terminal/terminal-page.tsx'), 'TerminalPage'),
});
const incidents = createRoute({
  getParentRoute: () => shell,
  path: '/incidents',
  component: lazyRouteComponent(() => import('./incidents/incidents-page.tsx'), 'IncidentsPage'),
  validateSearch: parseIncidentsSearch,
});
const incident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('./incidents/incident-page.tsx'), 'IncidentPage'),
});
const alert = createRoute({
  getParentRoute: () => shell,
  path: '/alerts/$id',
  component: lazyRouteComponent(() => import('./incidents/alert-page.tsx'), 'AlertPage'),
});
const notifications = createRoute({
  getParentRoute: () => shell,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./notify/log-page.tsx'), 'LogPage'),
  validateSearch: parseNotificationsSearch,
});
const routes = createRoute({
  getParentRoute: () => shell,
  path: '/notifications/routes',
  component: lazyRouteComponent(() => import('./notify/routes-page.tsx'), 'RoutesPage'),
});
const escalations = createRoute({
  getParentRoute: () => shell,
  path: '/notifications/escalations',
  component: lazyRouteComponent(() => import('./notify/escalations-page.tsx'), 'EscalationsPage'),
});
const onCall = createRoute({
  getParentRoute: () => shell,
  path: '/notifications/on-call',
  component: lazyRouteComponent(() => import('./notify/on-call-page.tsx'), 'OnCallPage'),
});
const contacts = createRoute({
  getParentRoute: () => shell,
  path: '/notifications/contacts',
  component: lazyRouteComponent(() => import('./notify/contacts-page.tsx'), 'ContactsPage'),
});
const channels = createRoute({
  getParentRoute: () => shell,
  path: '/notifications/channels',
  component: lazyRouteComponent(() => import('./notify/channels-page.tsx'), 'ChannelsPage'),
});
const metrics = createRoute({
  getParentRoute: () => shell,
  path: '/metrics',
  component: lazyRouteComponent(() => import('./metrics/explorer-page.tsx'), 'ExplorerPage'),
  validateSearch: parseMetricsSearch,
});
const storage = createRoute({
  getParentRoute: () => shell,
  path: '/storage',
  component: lazyRouteComponent(() => import('./storage/storage-page.tsx'), 'StoragePage'),
  validateSearch: parseStorageSearch,
});
const relays = createRoute({
  getParentRoute: () => shell,
  path: '/relays',
  component: lazyRouteComponent(() => import('./relays/relays-page.tsx'), 'RelaysPage'),
});
const reference = createRoute({
  getParentRoute: () => shell,
  path: '/reference',
  component: lazyRouteComponent(() => import('./reference/reference-page.tsx'), 'ReferencePage'),
});
const sites = createRoute({
  getParentRoute: () => shell,
  path: '/sites',
  component: lazyRouteComponent(() => import('./sites/sites-page.tsx'), 'SitesPage'),
});
const site = createRoute({
  getParentRoute: () => shell,
  path: '/sites/$id',
  component: lazyRouteComponent(() => import('./sites/site-page.tsx'), 'SitePage'),
  validateSearch: parseLoadSearch,
});
const customers = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  component: lazyRouteComponent(() => import('./sites/customers-page.tsx'), 'CustomersPage'),
});
const groups = createRoute({
  getParentRoute: () => shell,
  path: '/groups',
  component: lazyRouteComponent(() => import('./groups/groups-page.tsx'), 'GroupsPage'),
});
const tags = createRoute({
  getParentRoute: () => shell,
  path: '/tags',
  component: lazyRouteComponent(() => import('./groups/tags-page.tsx'), 'TagsPage'),
});
const addDevice = createRoute({
  getParentRoute: () => shell,
  path: '/devices/new',
  component: lazyRouteComponent(() => import('./add-device/add-device-page.tsx'), 'AddDevicePage'),
});
const importing = createRoute({
  getParentRoute: () => shell,
  path: '/import',
  component: lazyRouteComponent(() => import('./transfer/import-page.tsx'), 'ImportPage'),
  validateSearch: parseImportSearch,
});
const newOrder = createRoute({
  getParentRoute: () => shell,
  path: '/orders/new',
  component: lazyRouteComponent(() => import('./orders/new-order-page.tsx'), 'NewOrderPage'),
  validateSearch: parseNewOrder,
});
const order = createRoute({
  getParentRoute: () => shell,
  path: '/orders/$id',
  component: lazyRouteComponent(() => import('./orders/order-page.tsx'), 'OrderPage'),
  validateSearch: parseOrder,
});
const approvals = createRoute({
  getParentRoute: () => shell,
  path: '/approvals',
  component: lazyRouteComponent(() => import('./orders/approvals-page.tsx'), 'ApprovalsPage'),
});
const approval = createRoute({
  getParentRoute: () => shell,
  path: '/approvals/$id',
  component: lazyRouteComponent(() => import('./orders/approval-page.tsx'), 'ApprovalPage'),
});
const signers = createRoute({
  getParentRoute: () => shell,
  path: '/signers',
  component: lazyRouteComponent(() => import('./signing/signers-page.tsx'), 'SignersPage'),
});
const credentials = createRoute({
  getParentRoute: () => shell,
  path: '/credentials',
  component: lazyRouteComponent(() => import('./trust/credentials-page.tsx'), 'CredentialsPage'),
});
const sealing = createRoute({
  getParentRoute: () => shell,
  path: '/credentials/seal',
  component: lazyRouteComponent(() => import('./trust/seal-page.tsx'), 'SealPage'),
  validateSearch: parseSealSearch,
});
const credential = createRoute({
  getParentRoute: () => shell,
  path: '/credentials/$relay/$name',
  component: lazyRouteComponent(() => import('./trust/credential-page.tsx'), 'CredentialPage'),
});
const scripts = createRoute({
  getParentRoute: () => shell,
  path: '/scripts',
  component: lazyRouteComponent(() => import('./scripts/scripts-page.tsx'), 'ScriptsPage'),
});
const script = createRoute({
  getParentRoute: () => shell,
  path: '/scripts/$id',
  component: lazyRouteComponent(() => import('./scripts/script-page.tsx'), 'ScriptPage'),
});
const standing = createRoute({
  getParentRoute: () => shell,
  path: '/standing',
  component: lazyRouteComponent(() => import('./standing/standing-page.tsx'), 'StandingPage'),
});
const newStanding = createRoute({
  getParentRoute: () => shell,
  path: '/standing/new',
  component: lazyRouteComponent(() => import('./standing/new-standing-page.tsx'), 'NewStandingPage'),
  validateSearch: parseNewStanding,
});
const standingOrder = createRoute({
  getParentRoute: () => shell,
  path: '/standing/$id',
  component: lazyRouteComponent(() => import('./standing/standing-order-page.tsx'), 'StandingOrderPage'),
});
const policies = createRoute({
  getParentRoute: () => shell,
  path: '/policies',
  component: lazyRouteComponent(() => import('./policies/policies-page.tsx'), 'PoliciesPage'),
});
const policyLayer = createRoute({
  getParentRoute: () => shell,
  path: '/policies/layer',
  component: lazyRouteComponent(() => import('./policies/layer-page.tsx'), 'LayerPage'),
  validateSearch: parseLayerSearch,
});
const policyWindows = createRoute({
  getParentRoute: () => shell,
  path: '/policies/windows',
  component: lazyRouteComponent(() => import('./policies/windows-page.tsx'), 'WindowsPage'),
  validateSearch: parseCalendarSearch,
});
const policySigning = createRoute({
  getParentRoute: () => shell,
  path: '/policies/sign',
  component: lazyRouteComponent(() => import('./policies/sign-page.tsx'), 'SignPage'),
});
const policyOfDevice = createRoute({
  getParentRoute: () => shell,
  path: '/policies/devices/$id',
  component: lazyRouteComponent(() => import('./policies/explain-page.tsx'), 'ExplainPage'),
  validateSearch: parseExplainSearch,
});
const profile = createRoute({
  getParentRoute: () => shell,
  path: '/profile',
  component: lazyRouteComponent(() => import('./profile/profile-page.tsx'), 'ProfilePage'),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  component: lazyRouteComponent(() => import('./people/people-page.tsx'), 'PeoplePage'),
});
const person = createRoute({
  getParentRoute: () => shell,
  path: '/people/$id',
  component: lazyRouteComponent(() => import('./people/person-page.tsx'), 'PersonPage'),
  validateSearch: parseWhySearch,
});
const roles = createRoute({
  getParentRoute: () => shell,
  path: '/roles',
  component: lazyRouteComponent(() => import('./people/roles-page.tsx'), 'RolesPage'),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  component: lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage'),
  validateSearch: parseAuditSearch,
});
/** Any other address. */
const lost = createRoute({
  getParentRoute: () => shell,
  path: '$',
  component: lazyRouteComponent(() => import('./shell/lost-page.tsx'), 'LostPage'),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./door/sign-in-page.tsx'), 'SignInPage'),
});
/** Where who was invited makes what they sign in with from then on. */
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyRouteComponent(() => import('./door/set-up-page.tsx'), 'SetUpPage'),
});
/** Behind the link of a message: whoever has it takes that one incident without signing in. */
const acknowledge = createRoute({
  getParentRoute: () => root,
  path: '/acknowledge',
  component: lazyRouteComponent(() => import('./acknowledge/acknowledge-page.tsx'), 'AcknowledgePage'),
});
/** Every component in every state; a production build has no such page. */
const gallery = createRoute({
  getParentRoute: () => root,
  path: '/ui',
  component: import.meta.env.DEV
    ? lazyRouteComponent(() => import('./gallery/gallery-page.tsx'), 'GalleryPage')
    : NotFound,
});

/** A page stands here, and in shell/pages.ts when the navigation shall name it. */
const pages = [
  overview,
  fleet,
  addDevice,
  device,
  terminal,
  incidents,
  incident,
  alert,
  notifications,
  routes,
  escalations,
  onCall,
  contacts,
  channels,
  metrics,
  storage,
  sites,
  site,
  customers,
  groups,
  tags,
  importing,
  relays,
  reference,
  newOrder,
  order,
  approvals,
  approval,
  signers,
  credentials,
  sealing,
  credential,
  scripts,
  script,
  standing,
  newStanding,
  standingOrder,
  policies,
  policyLayer,
  policyWindows,
  policySigning,
  policyOfDevice,
  profile,
  people,
  person,
  roles,
  audit,
  lost,
];

export const router = createRouter({
  routeTree: root.addChildren([shell.addChildren(pages), signIn, setUp, acknowledge, gallery]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: PageWait,
  // A page that comes within it needs no sign of waiting.
  defaultPendingMs: 200,
  defaultErrorComponent: PageFault,
  defaultNotFoundComponent: NotFound,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
