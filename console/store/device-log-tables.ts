// The tables of what relays tell of one device besides its state: entries of its event logs, and the way it is reached.
import type { Generated } from 'kysely';

/** Entries of the device's own event logs, bounded per device. */
interface DeviceEventTable {
  /** In the order in which they came: the bound goes by it, since a device's clock may be wrong. */
  seq: Generated<number>;
  device_id: string;
  log: string;
  entry: number;
  /** When the device says it happened. */
  at: number;
  source: string;
  code: number;
  level: string;
  message: string;
  dropped: number | null;
}

/** The newest word on how a device is reached; it counts while the relay that told it polls the device. */
interface DeviceWayTable {
  device_id: string;
  relay_id: string;
  transport: string;
  port: number | null;
  auth: string;
  seal: string;
  detail: string | null;
  /** Since when it is this way, and when it was last told, by the relay's clock. */
  since: number;
  told_at: number;
}

export interface DeviceLogTables {
  device_event: DeviceEventTable;
  device_way: DeviceWayTable;
}
