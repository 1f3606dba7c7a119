// One row of a file of devices as what somebody wishes, checked cell by cell.
import { DeviceId } from '#shared/base/id.ts';
import type { ImportFault } from '#shared/contract/import-contract.ts';
import {
  CredentialName,
  type DeviceLink,
  DeviceType,
  MAX_LINKS,
  MAX_TAGS,
  Realm,
  ServicePrincipal,
  ShareName,
  Tag,
  TransportKind,
} from '#shared/model/device.ts';
import {
  controlFault,
  orNone,
  type Read,
  readAs,
  readEntries,
  readInterval,
  readLine,
  readNotes,
  readPort,
  readWord,
} from './cell-readers.ts';
import type { DeviceColumn, Row } from './columns.ts';
import { parseLink } from './link-text.ts';
import { splitList } from './lists.ts';

/** Absent: the file says nothing. Empty text, null and empty lists: it says "nothing". */
export interface DeviceWish {
  row: number;
  id?: DeviceId;
  name?: string;
  customer?: string;
  site?: string;
  relay?: string;
  transport?: TransportKind;
  address?: string;
  port?: number | null;
  credential?: string | null;
  intervalMs?: number;
  spn?: string | null;
  realm?: string | null;
  share?: string | null;
  type?: DeviceType | null;
  tags?: string[];
  groups?: string[];
  notes?: string;
  links?: DeviceLink[];
  /** Cells that stand empty: for a new device as the site says, for one that is there nothing. */
  empty: ReadonlySet<DeviceColumn>;
}

const readLink = (text: string): Read<DeviceLink> => {
  const link = parseLink(text);
  return link === undefined
    ? { ok: false, message: 'is no link: write "label | https://address"' }
    : { ok: true, value: link };
};

/** More than one has by hand. */
const MAX_GROUPS = 100;

const READERS = {
  id: ['id', readAs(DeviceId, 'is no id of a device')],
  name: ['name', readLine(253, true)],
  customer: ['customer', readLine(120)],
  site: ['site', readLine(120)],
  relay: ['relay', readLine(253)],
  transport: ['transport', readWord(TransportKind.options)],
  address: ['address', readLine(253, true)],
  port: ['port', readPort],
  credential: ['credential', orNone(readAs(CredentialName))],
  interval: ['intervalMs', readInterval],
  spn: ['spn', orNone(readAs(ServicePrincipal))],
  realm: ['realm', orNone(readAs(Realm))],
  share: ['share', orNone(readAs(ShareName))],
  type: ['type', orNone(readWord(DeviceType.options))],
  tags: [
    'tags',
    readEntries((text) => splitList(text), readAs(Tag, 'is no tag: letters, digits, . - / _, at most 40'), MAX_TAGS),
  ],
  groups: ['groups', readEntries((text) => splitList(text), readLine(80, true), MAX_GROUPS)],
  notes: ['notes', readNotes],
  links: ['links', readEntries((text) => splitList(text), readLink, MAX_LINKS)],
} as const satisfies Record<DeviceColumn, readonly [keyof DeviceWish, (text: string) => Read<unknown>]>;

/** These must say something wherever their column stands. */
const NEVER_EMPTY: ReadonlySet<DeviceColumn> = new Set(['name', 'address']);

export function readDeviceRow({ row, cells }: Row<DeviceColumn>, faults: ImportFault[]): DeviceWish {
  const empty = new Set<DeviceColumn>();
  const wish: Record<string, unknown> = { row, empty };
  for (const [column, text] of cells) {
    const fault = controlFault(text, column === 'notes');
    if (fault !== undefined) faults.push({ row, column, message: fault });
    else if (text.trim() === '' && !NEVER_EMPTY.has(column)) empty.add(column);
    else {
      const [member, read] = READERS[column];
      const value = read(text);
      if (value.ok) wish[member] = value.value;
      else faults.push({ row, column, message: value.message });
    }
  }
  if (!cells.has('name') && !cells.has('id')) faults.push({ row, column: 'name', message: 'is missing' });
  // Each member was made by its own reader in the table above.
  return wish as unknown as DeviceWish;
}
