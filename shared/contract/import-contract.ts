// Import and export: a file is read and compared first, and changes nothing until somebody has seen the difference.
import { z } from 'zod';
import { FilterText } from '#shared/base/filter/filter-schema.ts';
import { ImportId, SiteId } from '#shared/base/id.ts';
import { operation, reads, writes } from './meta.ts';

export const FileFormat = z.enum(['csv', 'json', 'xlsx']);
export type FileFormat = z.infer<typeof FileFormat>;
export const ImportKind = z.enum(['devices', 'sites']);
export type ImportKind = z.infer<typeof ImportKind>;

/** Rows of one file: the whole of a large customer. */
export const MAX_IMPORT_ROWS = 10_000;
/** Bytes of one file as it was: 10,000 rows of JSON with long notes. */
export const MAX_IMPORT_BYTES = 12 * 1024 * 1024;

/** The file in base64, and the JSON around it. */
const MAX_IMPORT_BODY_BYTES = Math.ceil(MAX_IMPORT_BYTES / 3) * 4 + 4_096;

export const ImportFault = z.object({
  /** As a spreadsheet counts: the heading is row 1. */
  row: z.int(),
  /** The column's heading; null for the row as a whole. */
  column: z.string().nullable(),
  message: z.string(),
});
export type ImportFault = z.infer<typeof ImportFault>;

export const ImportItem = z.object({
  row: z.int(),
  change: z.enum(['create', 'update', 'same']),
  name: z.string(),
  site: z.string(),
  fields: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
});
export type ImportItem = z.infer<typeof ImportItem>;

export const ImportState = z.object({
  id: ImportId,
  kind: ImportKind,
  state: z.enum(['faulty', 'planned', 'applying', 'done', 'failed']),
  rows: z.int(),
  creates: z.int(),
  updates: z.int(),
  same: z.int(),
  /** All of them are counted, the first 500 told. */
  faultCount: z.int(),
  faults: z.array(ImportFault),
  /** The first 200 rows that change something; none any more once it is applied. */
  items: z.array(ImportItem),
  /** Customers and sites that do not exist yet and would be made. */
  newSites: z.array(z.string()),
  /** Rows done while it is applied. */
  done: z.int(),
  failure: z.string().nullable(),
});
export type ImportState = z.infer<typeof ImportState>;

const ById = z.object({ id: ImportId });

export const importContract = {
  plan: operation
    .meta({ ...writes('device.import'), maxBodyBytes: MAX_IMPORT_BODY_BYTES })
    .route({
      method: 'POST',
      path: '/imports',
      summary: 'Read a file and say what it would change; nothing is changed',
      successStatus: 201,
      tags: ['Import and export'],
    })
    .input(
      z.object({
        kind: ImportKind.default('devices'),
        format: FileFormat,
        /** The file, base64. */
        content: z.base64().max(Math.ceil(MAX_IMPORT_BYTES / 3) * 4),
        /** Import within this site: rows need not name one. */
        siteId: SiteId.optional(),
      }),
    )
    .output(ImportState),
  show: operation
    .meta(reads('device.import'))
    .route({ method: 'GET', path: '/imports/{id}', summary: 'How far an import is', tags: ['Import and export'] })
    .input(ById)
    .output(ImportState),
  apply: operation
    .meta(writes('device.import'))
    .route({
      method: 'POST',
      path: '/imports/{id}/apply',
      summary: 'Do what a planned import says, all of it or nothing',
      tags: ['Import and export'],
    })
    .input(ById)
    .output(ImportState),
};

export const exportContract = {
  devices: operation
    .meta(reads('device.export'))
    .route({
      method: 'GET',
      path: '/exports/devices',
      summary: 'Devices as a file that can be imported again',
      tags: ['Import and export'],
    })
    .input(
      z.object({
        format: FileFormat,
        /** The fleet's filter; everything when absent. */
        q: FilterText.optional(),
        /** Comma-separated columns of the fleet page; what an import reads when absent. */
        columns: z.string().max(1_000).optional(),
      }),
    )
    .output(z.file()),
  sites: operation
    .meta(reads('device.export'))
    .route({
      method: 'GET',
      path: '/exports/sites',
      summary: 'Customers and sites as a file that can be imported again',
      tags: ['Import and export'],
    })
    .input(z.object({ format: FileFormat }))
    .output(z.file()),
};
