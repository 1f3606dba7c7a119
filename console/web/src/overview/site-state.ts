// How a site is, from its relays and its devices, and in which order sites are worth a look.
import type { DeviceStatus } from '#shared/model/device.ts';

export interface SiteFigures {
  id: string;
  name: string;
  customerName: string;
  devices: Readonly<Partial<Record<DeviceStatus, number>>>;
  relays: ReadonlyArray<{ name: string; isConnected: boolean; lastSeenAt: number | null; backlog: number }>;
}

/** `none`: no relay was ever enrolled. `behind`: linked, but the relay holds more than it has just polled. */
export type LinkKind = 'away' | 'none' | 'behind' | 'linked';

/** A relay in good health holds the batch it is sending and the one it fills. */
const BEHIND_FROM = 10;

export const backlogOf = ({ relays }: SiteFigures): number => relays.reduce((sum, { backlog }) => sum + backlog, 0);

/** The worst of its relays: where two share a site, one away is still half of the site unseen. */
export function linkOf(site: SiteFigures): LinkKind {
  if (site.relays.length === 0) return 'none';
  if (site.relays.some((relay) => !relay.isConnected)) return 'away';
  return backlogOf(site) >= BEHIND_FROM ? 'behind' : 'linked';
}

/** When a relay that is away was last heard of: the earliest, which is the longest silence. */
export function awaySince({ relays }: SiteFigures): number | null {
  const times = relays.flatMap(({ isConnected, lastSeenAt }) =>
    isConnected || lastSeenAt === null ? [] : [lastSeenAt],
  );
  return times.length === 0 ? null : Math.min(...times);
}

const RANK: Readonly<Record<LinkKind, number>> = { away: 0, none: 1, behind: 2, linked: 4 };
/** Between what is behind and what is well. */
const WITH_TROUBLE = 3;

function rankOf(site: SiteFigures): number {
  const rank = RANK[linkOf(site)];
  const isTroubled = (site.devices.down ?? 0) + (site.devices['identity-changed'] ?? 0) > 0;
  return rank === RANK.linked && isTroubled ? WITH_TROUBLE : rank;
}

/** "Branch 2" before "Branch 10". */
const natural = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Trouble first, then by name; the order moves only when a state does. */
export const sortedSites = <Site extends SiteFigures>(sites: readonly Site[]): Site[] =>
  [...sites].sort((a, b) => rankOf(a) - rankOf(b) || natural.compare(a.name, b.name) || a.id.localeCompare(b.id));

export const STATUSES: readonly DeviceStatus[] = ['down', 'identity-changed', 'unknown', 'up'];

export type Counts = Readonly<Record<DeviceStatus, number>>;

export function countsOf(parts: ReadonlyArray<SiteFigures['devices']>): Counts {
  const counts = { up: 0, down: 0, unknown: 0, 'identity-changed': 0 };
  for (const part of parts) for (const status of STATUSES) counts[status] += part[status] ?? 0;
  return counts;
}

export const totalOf = (counts: SiteFigures['devices']): number =>
  STATUSES.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
