// The whole fleet as columns, for pages that sort and filter it by themselves.
import { z } from 'zod';
import { CustomerId, DeviceId, GroupId, RelayId, SiteId } from '#shared/base/id.ts';

const Numbers = z.array(z.number().nullable());
/** The whole fleet as parallel arrays, for a page that sorts and filters ten thousand rows by itself. */
export const DeviceColumns = z.object({
  now: z.int(),
  /** The rows stand by name as people count: no page needs to find that order. */
  isByName: z.boolean(),
  /** Names the list of rows: answers of the same one hold the same devices in the same order. */
  rows: z.string(),
  sites: z.array(z.object({ id: SiteId, name: z.string(), customerId: CustomerId, customerName: z.string() })),
  relays: z.array(z.object({ id: RelayId, name: z.string() })),
  groups: z.array(z.object({ id: GroupId, name: z.string() })),
  /** Texts that many rows share; a column of `int` names one by its place, -1 is none. */
  words: z.array(z.string()),
  /** Distinct sets of tags and of groups (places in `groups`); a row names one by its place. */
  tagSets: z.array(z.array(z.string())),
  groupSets: z.array(z.array(z.int())),
  id: z.array(DeviceId),
  name: z.array(z.string()),
  address: z.array(z.string()),
  port: z.array(z.int().nullable()),
  hostname: z.array(z.string().nullable()),
  serial: z.array(z.string().nullable()),
  site: z.array(z.int()),
  relay: z.array(z.int()),
  /** Places in `words`. */
  transport: z.array(z.int()),
  status: z.array(z.int()),
  statusReason: z.array(z.int()),
  system: z.array(z.int()),
  type: z.array(z.int()),
  os: z.array(z.int()),
  user: z.array(z.int()),
  tags: z.array(z.int()),
  groupSet: z.array(z.int()),
  isSimulated: z.array(z.union([z.literal(0), z.literal(1)])),
  intervalMs: z.array(z.int()),
  statusAt: z.array(z.int().nullable()),
  addedAt: z.array(z.int()),
  polledAt: z.array(z.int().nullable()),
  cpu: Numbers,
  memory: Numbers,
  disk: Numbers,
  /** Where the fullest filesystem is mounted: a place in `words`. */
  mount: z.array(z.int()),
  load: Numbers,
  uptimeMs: Numbers,
  rx: Numbers,
  tx: Numbers,
});
export type DeviceColumns = z.infer<typeof DeviceColumns>;

/** Half of the whole, and little that most people see first: a page that opens asks for them second. */
export const LATER_COLUMNS = [
  ...[
    'hostname',
    'os',
    'user',
    'serial',
    'statusAt',
    'addedAt',
    'polledAt',
    'cpu',
    'memory',
    'disk',
    'mount',
    'load',
    'uptimeMs',
    'rx',
    'tx',
  ],
] as const satisfies ReadonlyArray<keyof DeviceColumns>;

/** `later`: the columns of readings, times, serial numbers, host names, system versions and users are empty. `alone`: all others are. */
export const ColumnsPart = z.enum(['with', 'later', 'alone']);
export type ColumnsPart = z.infer<typeof ColumnsPart>;
