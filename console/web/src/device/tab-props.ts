// What each view of a device is given.
import type { TailPoint } from '#console/web/src/chart/line.ts';
import type { Time } from '#console/web/src/span/use-time.ts';
import type { DeviceData } from './device-data.ts';
import type { Tab } from './span.ts';

export interface TabProps {
  device: DeviceData;
  tail: readonly TailPoint[];
  /** The newest values by series key. */
  values: Readonly<Record<string, number>>;
  time: Time;
}

/** The link to another view of the same device; all else of the address stays. */
export const tabSearch =
  (tab: Tab) =>
  <Search extends object>(former: Search) => ({ ...former, tab });
