// The columns of the fleet page as text for a file: what devices measure and say of themselves, beside what people set.
import type { ExtraColumns } from '#console/devices/transfer/exports.ts';
import type { DeviceColumns } from '#shared/contract/device-columns.ts';

type Cell = (columns: DeviceColumns, row: number) => string;

const text = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value);
const time = (at: number | null | undefined): string =>
  at === null || at === undefined ? '' : new Date(at).toISOString();
/** 0.256 is "25.6": a share in percent, as the heading says. */
const percent = (ratio: number | null | undefined): string =>
  ratio === null || ratio === undefined ? '' : String(Math.round(ratio * 1_000) / 10);
const word =
  (name: 'status' | 'statusReason' | 'system' | 'os' | 'user') =>
  (columns: DeviceColumns, row: number): string =>
    columns.words[columns[name][row] ?? -1] ?? '';

const CELLS: Readonly<Record<string, Cell>> = {
  hostname: ({ hostname }, row) => text(hostname[row]),
  serial: ({ serial }, row) => text(serial[row]),
  status: word('status'),
  reason: word('statusReason'),
  system: word('system'),
  os: word('os'),
  user: word('user'),
  group: ({ groups, groupSets, groupSet }, row) =>
    (groupSets[groupSet[row] ?? -1] ?? []).flatMap((place) => groups[place]?.name ?? []).join('; '),
  tag: ({ tagSets, tags }, row) => (tagSets[tags[row] ?? -1] ?? []).join('; '),
  cpu: ({ cpu }, row) => percent(cpu[row]),
  memory: ({ memory }, row) => percent(memory[row]),
  disk: ({ disk }, row) => percent(disk[row]),
  load: ({ load }, row) => text(load[row]),
  uptime: ({ uptimeMs }, row) => text(uptimeMs[row] === null ? null : Math.round((uptimeMs[row] ?? 0) / 1_000)),
  rx: ({ rx }, row) => text(rx[row]),
  tx: ({ tx }, row) => text(tx[row]),
  polled: ({ polledAt }, row) => time(polledAt[row]),
  added: ({ addedAt }, row) => time(addedAt[row]),
};

export function fleetColumns(columns: DeviceColumns): ExtraColumns {
  const rows = new Map<string, number>(columns.id.map((id, row) => [id, row]));
  return {
    has: (name) => Object.hasOwn(CELLS, name),
    cell: (name, { id }) => {
      const row = rows.get(id);
      return row === undefined ? '' : (CELLS[name]?.(columns, row) ?? '');
    },
  };
}
