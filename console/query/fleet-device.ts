// One row of the index as the API shows a device in a list.
import type { DeviceSummary } from '#shared/contract/device-contract.ts';
import type { FleetRows } from './fleet-rows.ts';
import type { GroupMembers } from './group-members.ts';

/** Its readings are the metrics room's. */
export type FleetDevice = Omit<DeviceSummary, 'latest'>;

export function deviceOf(rows: FleetRows, members: GroupMembers, row: number): FleetDevice {
  const { texts, numbers } = rows;
  const site = rows.siteOf(row);
  const number = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  const device = {
    id: texts.id.text[row] ?? '',
    name: texts.name.text[row] ?? '',
    siteId: site?.id ?? '',
    siteName: site?.name ?? '',
    customerId: site?.customerId ?? '',
    customerName: site?.customerName ?? '',
    relayId: rows.relayOf(row)?.id ?? null,
    transport: rows.textOf('transport', row),
    address: texts.address.text[row] ?? '',
    port: number(numbers.port[row]),
    isSimulated: rows.textOf('simulated', row) === 'yes',
    status: rows.textOf('status', row),
    statusReason: rows.textOf('reason', row) || null,
    statusDetail: rows.statusDetail[row] ?? null,
    statusAt: number(numbers.statusAt[row]),
    system: rows.textOf('system', row),
    type: rows.textOf('type', row),
    hostname: texts.hostname.text[row] || null,
    os: rows.textOf('os', row) || null,
    serial: texts.serial.text[row] || null,
    tags: rows.pools.tag.textsOf(rows.set.tag[row] ?? 0),
    groups: members.groupsOf(row).map(({ id }) => id),
    intervalMs: numbers.interval[row] ?? 0,
    polledAt: number(numbers.polled[row]),
  };
  // Written from the database's own rows; the contract checks them once more on their way out.
  return device as FleetDevice;
}
