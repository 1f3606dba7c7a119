// Entries of a device's own event logs as people read them, and what they ask for.
import { z } from 'zod';
import { EventLevel } from '#shared/model/record.ts';

export const LogEntry = z.object({
  /** Of the console, in the order in which entries came. */
  seq: z.int(),
  /** When the device says it happened. */
  at: z.int(),
  log: z.string(),
  /** The entry's number in its log. */
  entry: z.int(),
  source: z.string(),
  /** The event's own id: 4625 is a failed logon. */
  code: z.int(),
  level: EventLevel,
  message: z.string(),
  /** So many entries before this one were passed over: a flood, or a log that was overwritten before it was read. */
  dropped: z.int().nullable(),
});
export type LogEntry = z.infer<typeof LogEntry>;

const levelsOf = (text: string) => text.split(',').map((word) => word.trim());

/** What is left out is anything. */
export const LogQuery = z.object({
  /** The name of one log, as the device spells it. */
  log: z.string().min(1).max(255).optional(),
  /** Comma-separated levels: "critical,error". */
  level: z
    .string()
    .max(100)
    .refine((text) => levelsOf(text).every((word) => EventLevel.safeParse(word).success), {
      message: `must be levels with commas between them: ${EventLevel.options.join(', ')}`,
    })
    .optional(),
  source: z.string().min(1).max(255).optional(),
  code: z.coerce.number().int().nonnegative().optional(),
  /** Part of the message or the source, in whatever case. */
  text: z.string().min(1).max(200).optional(),
  /** When it happened, by the device's clock; `to` is not included. */
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
});
export type LogQuery = z.infer<typeof LogQuery>;

/** The levels of a query, undefined for all. */
export const readLevels = (text: string | undefined): EventLevel[] | undefined =>
  text === undefined ? undefined : levelsOf(text).map((word) => EventLevel.parse(word));
