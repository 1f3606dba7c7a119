// A device as the cells of its row: what an export writes, and what an import compares with.
import type { DeviceLink } from '#shared/model/device.ts';
import { NONE } from './cell-readers.ts';
import type { DeviceColumn } from './columns.ts';
import type { EstateDevice, EstateNames } from './estate.ts';
import { formatLink } from './link-text.ts';
import { joinList } from './lists.ts';

const sorted = (words: readonly string[]): string[] => [...words].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

export const tagsText = (tags: readonly string[]): string => joinList(sorted(tags));
/** A group may be called as the word for none: a semicolon behind it makes it a list. */
export function groupsText(names: readonly string[]): string {
  const text = joinList(sorted(names));
  return text.toLowerCase() === NONE ? `${text};` : text;
}
export const linksText = (links: readonly DeviceLink[]): string => joinList(links.map(formatLink));
export const numberText = (value: number | null): string => (value === null ? '' : String(value));
/** 60000 is "60", 5500 is "5.5". */
export const secondsText = (ms: number): string => String(ms / 1_000);

export function deviceCells(device: EstateDevice, names: EstateNames): Record<DeviceColumn, string> {
  const site = names.site.get(device.siteId);
  return {
    id: device.id,
    name: device.name,
    customer: site?.customer ?? '',
    site: site?.name ?? '',
    relay: (device.relayId === null ? undefined : names.relay.get(device.relayId)?.name) ?? '',
    transport: device.transport,
    address: device.address,
    port: numberText(device.port),
    credential: device.credential ?? '',
    interval: secondsText(device.intervalMs),
    spn: device.spn ?? '',
    realm: device.realm ?? '',
    share: device.share ?? '',
    type: device.type ?? '',
    tags: tagsText(device.tags),
    groups: groupsText(device.groups.flatMap((id) => names.group.get(id)?.name ?? [])),
    notes: device.notes,
    links: linksText(device.links),
  };
}

/** The same for a file: where the site has a default and the device has none, the cell says so. */
export function exportCells(device: EstateDevice, names: EstateNames): Record<DeviceColumn, string> {
  const cells = deviceCells(device, names);
  const defaults = names.site.get(device.siteId)?.defaults ?? {};
  const usual = (defaults.transport ?? 'ssh') === device.transport;
  if (cells.port === '' && usual && defaults.port !== undefined) cells.port = NONE;
  if (cells.credential === '' && usual && defaults.credential !== undefined) cells.credential = NONE;
  if (cells.realm === '' && device.transport === 'winrm' && defaults.realm !== undefined) cells.realm = NONE;
  if (cells.share === '' && device.transport === 'smb' && defaults.share !== undefined) cells.share = NONE;
  if (cells.tags === '' && (defaults.tags ?? []).length > 0) cells.tags = NONE;
  if (cells.groups === '' && (defaults.groupIds ?? []).some((id) => names.group.has(id))) cells.groups = NONE;
  return cells;
}
