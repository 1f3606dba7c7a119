// The table of pages: what the navigation, the chords and the palette know of each. Its route stands in router.tsx.
import type { en } from './text.en.ts';

export type PageTitle = keyof typeof en & `page${string}`;
export type PageIcon =
  | 'overview'
  | 'fleet'
  | 'incidents'
  | 'sites'
  | 'customers'
  | 'groups'
  | 'tags'
  | 'metrics'
  | 'storage'
  | 'relays'
  | 'notifications'
  | 'api'
  | 'approvals'
  | 'scripts'
  | 'standing'
  | 'policies'
  | 'signers'
  | 'credentials'
  | 'people'
  | 'roles'
  | 'audit'
  | 'profile';

export interface PageEntry {
  path: string;
  title: PageTitle;
  icon: PageIcon;
  /** The key after "g" that leads there. */
  chord: string;
  /** The right its first read asks for; the console decides, this only keeps people from closed doors. */
  permission: string;
  /** Pages of one part stand together; one's own is found by the person's menu, the palette and its chord. */
  part: 'watch' | 'places' | 'system' | 'people' | 'own';
}

/** In the order of the navigation. An entry without a route is not shown: it waits for its page. */
export const PAGES: readonly PageEntry[] = [
  { path: '/', title: 'pageOverview', icon: 'overview', chord: 'o', permission: 'system.read', part: 'watch' },
  { path: '/fleet', title: 'pageFleet', icon: 'fleet', chord: 'f', permission: 'device.read', part: 'watch' },
  {
    path: '/incidents',
    title: 'pageIncidents',
    icon: 'incidents',
    chord: 'b',
    permission: 'alert.read',
    part: 'watch',
  },
  {
    path: '/approvals',
    title: 'pageApprovals',
    icon: 'approvals',
    chord: 'p',
    permission: 'action.read',
    part: 'watch',
  },
  { path: '/scripts', title: 'pageScripts', icon: 'scripts', chord: 'h', permission: 'script.read', part: 'watch' },
  {
    path: '/standing',
    title: 'pageStanding',
    icon: 'standing',
    chord: 'w',
    permission: 'standing.read',
    part: 'watch',
  },
  { path: '/policies', title: 'pagePolicies', icon: 'policies', chord: 'y', permission: 'policy.read', part: 'watch' },
  { path: '/metrics', title: 'pageMetrics', icon: 'metrics', chord: 'x', permission: 'metric.read', part: 'watch' },
  { path: '/sites', title: 'pageSites', icon: 'sites', chord: 's', permission: 'site.read', part: 'places' },
  {
    path: '/customers',
    title: 'pageCustomers',
    icon: 'customers',
    chord: 'c',
    permission: 'customer.read',
    part: 'places',
  },
  { path: '/groups', title: 'pageGroups', icon: 'groups', chord: 'g', permission: 'group.read', part: 'places' },
  { path: '/tags', title: 'pageTags', icon: 'tags', chord: 't', permission: 'device.read', part: 'places' },
  {
    path: '/notifications',
    title: 'pageNotifications',
    icon: 'notifications',
    chord: 'n',
    permission: 'notification.read',
    part: 'system',
  },
  { path: '/relays', title: 'pageRelays', icon: 'relays', chord: 'r', permission: 'relay.read', part: 'system' },
  { path: '/signers', title: 'pageSigners', icon: 'signers', chord: 'k', permission: 'charter.read', part: 'system' },
  {
    path: '/credentials',
    title: 'pageCredentials',
    icon: 'credentials',
    chord: 'l',
    permission: 'credential.read',
    part: 'system',
  },
  {
    path: '/storage',
    title: 'pageStorage',
    icon: 'storage',
    chord: 'd',
    permission: 'system.maintain',
    part: 'system',
  },
  { path: '/reference', title: 'pageApi', icon: 'api', chord: 'a', permission: 'session.read', part: 'system' },
  { path: '/people', title: 'pagePeople', icon: 'people', chord: 'e', permission: 'person.read', part: 'people' },
  { path: '/roles', title: 'pageRoles', icon: 'roles', chord: 'm', permission: 'role.read', part: 'people' },
  { path: '/audit', title: 'pageAudit', icon: 'audit', chord: 'u', permission: 'audit.read', part: 'people' },
  { path: '/profile', title: 'pageProfile', icon: 'profile', chord: 'i', permission: 'profile.read', part: 'own' },
];

/** Things whose list is another page: orders begin in the fleet, an alert is a part of an incident. */
const LISTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\/(?:devices|orders)(?:\/|$)/, '/fleet'],
  [/^\/alerts(?:\/|$)/, '/incidents'],
];

/** The entry that a path belongs to: "/sites/4" to "/sites", "/devices/4" to the fleet. */
export function pageOf(path: string): PageEntry | undefined {
  const place = LISTS.find(([below]) => below.test(path))?.[1] ?? path;
  return PAGES.find((page) => place === page.path || (page.path !== '/' && place.startsWith(`${page.path}/`)));
}
