// The estate in numbers, in one walk over the fleet in memory: counts by status and site, ages, and who needs somebody first.
import type { Scope } from '#console/access/scope.ts';
import type { SiteStrip, WorstDevice } from '#shared/contract/system-contract.ts';
import type { DeviceStatus } from '#shared/model/device.ts';
import type { FleetRows } from './fleet-rows.ts';
import { smallest } from './smallest.ts';
import { visibleRows } from './visible-rows.ts';
import { badnessOf, type Candidate, type Condition, worstDevice } from './worst-devices.ts';

/** A screen of them; who needs more sorts the fleet. */
const WORST = 12;

export type SiteCounts = Pick<SiteStrip, 'devices' | 'newestPollAt' | 'stalestPollAt'>;

export interface FleetOverview {
  devices: SiteStrip['devices'];
  simulated: number;
  sites: ReadonlyMap<string, SiteCounts>;
  worst: WorstDevice[];
}

export const noDevices = (): SiteCounts['devices'] => ({ up: 0, down: 0, unknown: 0, 'identity-changed': 0 });

const emptySite = (): SiteCounts => ({ devices: noDevices(), newestPollAt: null, stalestPollAt: null });

export function overviewOf(rows: FleetRows, scope: Scope): FleetOverview {
  const sites = new Map<string, SiteCounts>();
  const devices = noDevices();
  const bad: Array<{ row: number; badness: number }> = [];
  let simulated = 0;
  const isVisible = visibleRows(rows, scope);
  for (const row of rows.all()) {
    const site = rows.siteOf(row);
    if (site === undefined || !isVisible(row)) continue;
    const counts = sites.get(site.id) ?? emptySite();
    sites.set(site.id, counts);
    const status = (rows.textOf('status', row) || 'unknown') as DeviceStatus; // written by us alone
    devices[status] += 1;
    counts.devices[status] += 1;
    if (rows.textOf('simulated', row) === 'yes') simulated += 1;
    takeAge(counts, status, rows.numbers.polled[row] ?? Number.NaN);
    const badness = badnessOf(conditionOf(rows, row, status));
    if (badness > 0) bad.push({ row, badness });
  }
  const worst = smallest(bad, WORST, (one) => one, worseFirst);
  return { devices, simulated, sites, worst: worst.map(({ row }) => worstDevice(candidateOf(rows, row))) };
}

/** Of equals the one with the lower row: the order does not move from one reading to the next. */
const worseFirst = (a: { row: number; badness: number }, b: { row: number; badness: number }): number =>
  b.badness - a.badness || a.row - b.row;

function conditionOf({ numbers }: FleetRows, row: number, status: DeviceStatus): Condition {
  return {
    status,
    statusAt: numbers.statusAt[row] ?? Number.NaN,
    disk: numbers.disk[row] ?? Number.NaN,
    memory: numbers.memory[row] ?? Number.NaN,
    cpu: numbers.cpu[row] ?? Number.NaN,
  };
}

function candidateOf(rows: FleetRows, row: number): Candidate {
  const status = (rows.textOf('status', row) || 'unknown') as DeviceStatus; // written by us alone
  return {
    ...conditionOf(rows, row, status),
    id: (rows.texts.id.text[row] ?? '') as Candidate['id'], // as the database has it
    name: rows.texts.name.text[row] ?? '',
    siteName: rows.siteOf(row)?.name ?? '',
    mount: rows.textOf('mount', row),
  };
}

function takeAge(site: SiteCounts, status: DeviceStatus, polledAt: number): void {
  if (Number.isNaN(polledAt)) return;
  site.newestPollAt = Math.max(site.newestPollAt ?? 0, polledAt);
  // A device that is down says nothing about how fresh the others are.
  if (status === 'up') site.stalestPollAt = Math.min(site.stalestPollAt ?? polledAt, polledAt);
}
