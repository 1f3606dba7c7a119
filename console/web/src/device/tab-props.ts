// What each view of a device is given.
import type { TailPoint } from '#console/web/src/chart/line.ts';
import type { DeviceData, Window } from './device-data.ts';
import type { Span, Tab } from './span.ts';

export interface TabProps {
  device: DeviceData;
  tail: readonly TailPoint[];
  /** The newest values by series key. */
  values: Readonly<Record<string, number>>;
  time: {
    window: Window;
    span: Span;
    onSpan: (span: Span) => void;
    onZoom: (from: number, to: number) => void;
  };
}

/** The link to another view of the same device; all else of the address stays. */
export const tabSearch =
  (tab: Tab) =>
  <Search extends object>(former: Search) => ({ ...former, tab });
