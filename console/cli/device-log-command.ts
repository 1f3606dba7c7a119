// `rmm device events`: entries of a device's own event logs, newest first, by what one looks for.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { inert } from '#shared/base/inert-text.ts';
import { type LogEntry, LogQuery } from '#shared/contract/device-log.ts';
import type { Api } from './client.ts';
import { deviceNamed } from './named.ts';
import { look, wholeNumber } from './verb.ts';

interface LogOptions {
  log?: string;
  level?: string;
  source?: string;
  code?: number;
  text?: string;
  hours?: number;
  limit: number;
}

/** As many as the console keeps of one device, with some to spare. */
const MAX_ENTRIES = 10_000;
const MAX_PAGE = 1_000;
/** Windows counts its events in 16 bits; others may have more. */
const MAX_CODE = 2 ** 31 - 1;

/** What was asked for, checked before anything is sent; the error names the option. */
export function logQueryOf(
  { log, level, source, code, text, hours }: Omit<LogOptions, 'limit'>,
  now: number,
): LogQuery {
  const asked = { log, level, source, code, text, ...(hours === undefined ? {} : { from: now - hours * 3_600_000 }) };
  const parsed = LogQuery.safeParse(Object.fromEntries(Object.entries(asked).filter(([, word]) => word !== undefined)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('bad-request', `--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
}

/** As many pages as it takes. */
async function readLog(api: Api, id: string, query: LogQuery, limit: number): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  for (let cursor: string | undefined; found.length < limit; ) {
    const page = { limit: Math.min(MAX_PAGE, limit - found.length), ...(cursor === undefined ? {} : { cursor }) };
    const { items, nextCursor } = await api.devices.log({ id, ...query, ...page });
    found.push(...items);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return found;
}

/** A log that may not be read has no entries either. */
const NOTHING = 'no entries; which logs are read, and why one is not: rmm device inventory <device> event-logs';

/** One line, and a second one where entries before it were passed over. What a device wrote moves no cursor. */
export function logLines({ at, level, log, source, code, message, dropped }: LogEntry): string {
  const [first = ''] = message.split(/\r?\n/);
  const line = inert(`${new Date(at).toISOString()}  ${level}  ${log}  ${source} ${code}  ${first}`);
  return dropped === null ? line : `${line}\n    ${dropped} before this one were passed over`;
}

export function addLogCommand(device: Command): void {
  look<LogEntry[], LogOptions>(device, 'events <device>', {
    summary: 'entries of the event logs of a Windows device, newest first; with --json all they say',
    examples: [
      'device events fs-1',
      'device events fs-1 --level critical,error --hours 24',
      'device events fs-1 --log Security --code 4625 --json',
    ],
    options: (command) =>
      command
        .option('--log <name>', 'one log: System, Application, Security ...')
        .option(
          '--level <levels>',
          'critical, error, warning, information, verbose, audit-success, audit-failure; with commas between',
        )
        .option('--source <name>', 'who wrote it')
        .option('--code <id>', 'the event id: 4625 is a failed logon', wholeNumber(0, MAX_CODE))
        .option('--text <words>', 'part of the message or the source')
        .option('--hours <count>', 'how far back', wholeNumber(1, 8_784))
        .option('--limit <count>', 'at most so many', wholeNumber(1, MAX_ENTRIES), 50),
    run: async ({ context: { api }, args: [word = ''], options: { limit, ...asked }, now }) => {
      const query = logQueryOf(asked, now);
      return await readLog(api, await deviceNamed(api, word), query, limit);
    },
    text: (items) => (items.length === 0 ? NOTHING : items.map(logLines).join('\n')),
  });
}
