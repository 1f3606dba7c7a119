// The arrays of the fleet: one per field, one index per device.
import type { DeviceStatus } from '#shared/model/device.ts';

export const emptyColumns = () => ({
  id: [] as string[],
  name: [] as string[],
  site: [] as string[],
  address: [] as string[],
  /** What the filter looks in, lower case. */
  text: [] as string[],
  status: [] as DeviceStatus[],
  reason: [] as string[],
  statusAt: [] as number[],
  isSimulated: [] as boolean[],
  intervalMs: [] as number[],
  polled: [] as number[],
  mount: [] as string[],
  cpu: [] as number[],
  memory: [] as number[],
  disk: [] as number[],
  load: [] as number[],
  rx: [] as number[],
  tx: [] as number[],
  uptime: [] as number[],
});
export type FleetColumns = ReturnType<typeof emptyColumns>;
