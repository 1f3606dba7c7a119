// Exports: the estate as a file that an import reads again, byte for byte the same as long as nothing changes.
import type { Scope } from '#console/access/scope.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { BYTE_ORDER_MARK, csvLine } from '#shared/base/csv-line.ts';
import { AppError } from '#shared/base/errors.ts';
import type { FileFormat, ImportKind } from '#shared/contract/import-contract.ts';
import { DEVICE_COLUMNS, type DeviceColumn, SITE_COLUMNS, type SiteColumn } from './columns.ts';
import { exportCells } from './device-cells.ts';
import { deviceKey, type Estate, type EstateDevice, EstateNames } from './estate.ts';
import { readEstate } from './estate-repository.ts';
import { writeWorkbook } from './file-process.ts';
import { jsonRow } from './json-text.ts';
import { Pace } from './pace.ts';
import { siteCells } from './site-plan.ts';

interface Deps {
  store: Store;
  clock: Clock;
}

const TYPES: Record<FileFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Columns of somebody else's making, such as those of the fleet page. */
export interface ExtraColumns {
  has: (name: string) => boolean;
  cell: (name: string, device: EstateDevice) => string;
}

export interface DeviceExport {
  format: FileFormat;
  /** Those of a filter, in its own order; all when undefined. */
  ids?: readonly string[] | undefined;
  columns?: readonly string[] | undefined;
  extra?: ExtraColumns | undefined;
}

export async function exportDevices(deps: Deps, scope: Scope, wish: DeviceExport): Promise<File> {
  const pace = new Pace(deps.clock);
  const estate = await readEstate(deps.store.db, scope, pace);
  const names = new EstateNames(estate);
  await pace.breathe();
  const devices = chosen(estate, names, wish.ids);
  const namesakes = new Set([...names.devicesByName].filter(([, all]) => all.length > 1).map(([key]) => key));
  const isNamesake = (device: EstateDevice) => namesakes.has(deviceKey(device.siteId, device.name));
  const heading = headingOf(wish, devices.some(isNamesake));
  const rows: string[][] = [];
  for (const device of devices) {
    const cells = exportCells(device, names);
    // Names suffice, but where two devices of a site share one.
    if (wish.columns === undefined && !isNamesake(device)) cells.id = '';
    rows.push(
      heading.map((column) => (isDeviceColumn(column) ? cells[column] : (wish.extra?.cell(column, device) ?? ''))),
    );
    await pace.breathe();
  }
  return toFile(deps, 'devices', wish.format, { heading, rows });
}

const isDeviceColumn = (name: string): name is DeviceColumn => DEVICE_COLUMNS.some((column) => column === name);

function headingOf({ columns, extra }: DeviceExport, withIds: boolean): string[] {
  if (columns === undefined) return DEVICE_COLUMNS.filter((column) => column !== 'id' || withIds);
  const unknown = columns.find((name) => !isDeviceColumn(name) && extra?.has(name) !== true);
  if (unknown !== undefined) throw new AppError('bad-request', `no column is called "${unknown.slice(0, 60)}"`);
  return [...columns];
}

function chosen(estate: Estate, names: EstateNames, ids: readonly string[] | undefined): EstateDevice[] {
  if (ids !== undefined) return ids.flatMap((id) => names.device.get(id) ?? []);
  const keys = new Map(
    estate.devices.map((device) => {
      const site = names.site.get(device.siteId);
      return [device, `${site?.customer}\0${site?.name}\0${device.name}\0${device.id}`];
    }),
  );
  return [...estate.devices].sort((a, b) => compare(keys.get(a) ?? '', keys.get(b) ?? ''));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export async function exportSites(deps: Deps, scope: Scope, format: FileFormat): Promise<File> {
  const pace = new Pace(deps.clock);
  const estate = await readEstate(deps.store.db, scope, pace);
  const names = new EstateNames(estate);
  const cells: Array<Partial<Record<SiteColumn, string>>> = estate.sites.map((site) => siteCells(site, names));
  const withSites = new Set(estate.sites.map(({ customer }) => customer));
  for (const customer of estate.customers.keys()) if (!withSites.has(customer)) cells.push({ customer });
  const rows = cells.map((row) => SITE_COLUMNS.map((column) => row[column] ?? ''));
  rows.sort((a, b) => compare(`${a[0]}\0${a[1]}`, `${b[0]}\0${b[1]}`));
  return toFile(deps, 'sites', format, { heading: [...SITE_COLUMNS], rows });
}

interface Table {
  heading: string[];
  rows: string[][];
}

/** "rmm-devices-2026-11-22.csv"; the day is that of UTC. */
async function toFile({ clock }: Deps, kind: ImportKind, format: FileFormat, table: Table): Promise<File> {
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  return new File(await contentOf(clock, kind, format, table), `rmm-${kind}-${day}.${format}`, { type: TYPES[format] });
}

async function contentOf(
  clock: Clock,
  kind: ImportKind,
  format: FileFormat,
  { heading, rows }: Table,
): Promise<Array<string | Uint8Array<ArrayBuffer>>> {
  if (format === 'xlsx') return [new Uint8Array(await writeWorkbook({ clock }, kind, heading, rows))];
  const pace = new Pace(clock);
  const parts = format === 'csv' ? [BYTE_ORDER_MARK, csvLine(heading)] : ['['];
  for (const [index, row] of rows.entries()) {
    parts.push(format === 'csv' ? csvLine(row) : `${index === 0 ? '\n' : ',\n'}${jsonRow(kind, heading, row)}`);
    await pace.breathe();
  }
  if (format === 'json') parts.push('\n]\n');
  return parts;
}
