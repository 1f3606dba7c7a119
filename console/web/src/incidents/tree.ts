// The alerts of an incident as a tree: what failed first, and below each device those that hang on it.
import { isOpen } from './incident-words.ts';
import type { Alert } from './incidents-data.ts';

export interface Branch {
  /** The device, else the relay, site or console that the alerts are of. */
  key: string;
  deviceId: string | null;
  /** Empty for the console itself. */
  name: string;
  alerts: Alert[];
  below: Branch[];
}

const keyOf = ({ deviceId, relayId, siteId }: Alert): string => deviceId ?? relayId ?? siteId ?? '';
const nameOf = ({ deviceName, relayName, siteName }: Alert): string => deviceName ?? relayName ?? siteName ?? '';

/** Undefined where it hangs on nothing, or on what is no part of this incident. */
function parentOf({ key, alerts }: Branch, branches: ReadonlyMap<string, Branch>): Branch | undefined {
  const because = alerts.find((alert) => alert.because !== null && alert.because !== key)?.because;
  return because === undefined || because === null ? undefined : branches.get(because);
}

/** Two that say they hang on each other both stand at the top: nothing is lost in a circle. */
function isCircle(branch: Branch, branches: ReadonlyMap<string, Branch>): boolean {
  const met = new Set<Branch>();
  let at = parentOf(branch, branches);
  while (at !== undefined && !met.has(at)) {
    if (at === branch) return true;
    met.add(at);
    at = parentOf(at, branches);
  }
  return false;
}

/** In the order in which the console gives them: the root first, then the worst. */
export function treeOf(alerts: readonly Alert[]): Branch[] {
  const branches = new Map<string, Branch>();
  for (const alert of alerts) {
    const key = keyOf(alert);
    const branch = branches.get(key) ?? { key, deviceId: alert.deviceId, name: nameOf(alert), alerts: [], below: [] };
    branch.alerts.push(alert);
    branches.set(key, branch);
  }
  const tops: Branch[] = [];
  // Where the fault is no device's, all else hangs on it.
  const root = [...branches.values()].find((branch) => branch.alerts.some((alert) => alert.isRoot));
  for (const branch of branches.values()) {
    const parent = isCircle(branch, branches) ? undefined : parentOf(branch, branches);
    const above = parent ?? (root !== undefined && root.deviceId === null && root !== branch ? root : undefined);
    if (above === undefined) tops.push(branch);
    else above.below.push(branch);
  }
  return tops;
}

/** Branches below, however deep. */
export const countBelow = ({ below }: Branch): number => below.reduce((sum, branch) => sum + 1 + countBelow(branch), 0);

export const openBelow = ({ below }: Branch): number =>
  below.reduce((sum, branch) => sum + (branch.alerts.some(isOpen) ? 1 : 0) + openBelow(branch), 0);
