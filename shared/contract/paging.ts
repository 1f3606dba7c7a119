// Cursor paging: opaque cursors, a bounded page.
import { z } from 'zod';

/** At most 1,000 rows a page: about 300 KB of JSON. */
export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  /** Holds the sort key of a row: 100 letters of a name in base64 of UTF-8, an id, and what is around them. */
  cursor: z.string().max(800).optional(),
});

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
