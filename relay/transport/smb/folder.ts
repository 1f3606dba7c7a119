// What lies in a folder and what happens there (MS-SMB2 2.2.33 to 2.2.36, MS-FSCC 2.4.10, 2.7.1).
import { chargeFor } from './credits.ts';
import { Fields } from './fields.ts';
import { COMMAND, newRequest } from './header.ts';
import { entryOf } from './opened.ts';
import { isPlainName } from './path.ts';
import type { Share } from './share.ts';
import type { SmbChange, SmbChangeKind, SmbEntry } from './smb-files.ts';
import { STATUS, statusError } from './status.ts';

// 256 KiB: some 2,000 entries an answer, of four credits.
const LIST_BYTES = 262_144;
// 64 KiB: more than that at once is "list the folder".
const NOTIFY_BYTES = 65_536;
const DIRECTORY_INFORMATION = 1;
/** 2.2.35: names, sizes, times of writing and creation, of files and folders. */
const NOTIFY_FILTER = 0x1 | 0x2 | 0x8 | 0x10 | 0x40;
const WATCH_DEEP = 1;
/** What stands before an entry's name (MS-FSCC 2.4.10 and 2.7.1). */
const ENTRY_HEAD_BYTES = 64;
const CHANGE_HEAD_BYTES = 12;

/** MS-FSCC 2.7.1, Action. */
const KINDS: readonly (SmbChangeKind | undefined)[] = [
  undefined,
  'added',
  'removed',
  'changed',
  'renamed-from',
  'renamed-to',
];

/**
 * Entries chained by the distance to the next one. None reaches into the next: entries that lay over each other could each name
 * all of the answer, a million times its size together.
 */
function* chained(fields: Fields, headBytes: number): Generator<Fields> {
  let at = 0;
  while (at < fields.bytes.length) {
    const next = fields.u32(at);
    if (next !== 0 && next < headBytes) throw fields.malformed('entries that lie over each other');
    yield new Fields(next === 0 ? fields.rest(at) : fields.slice(at, next), 'list of entries');
    if (next === 0) return;
    at += next;
  }
}

function outputOf(message: Buffer, what: string): Fields {
  const fields = new Fields(message, what);
  const length = fields.u32(68);
  return new Fields(length === 0 ? Buffer.alloc(0) : fields.slice(fields.u16(66), length), what);
}

function decodeEntry(fields: Fields): SmbEntry {
  return entryOf(fields.text(64, fields.u32(60)), fields.u32(56), {
    sizeBytes: fields.u64(40),
    createdAt: fields.time(8),
    changedAt: fields.time(24),
  });
}

/** The next entries of an open folder; undefined when there are no more. */
export async function nextEntries(
  share: Share,
  id: Buffer,
  pattern: Buffer,
  signal: AbortSignal,
): Promise<SmbEntry[] | undefined> {
  const { frame, body } = newRequest(32 + pattern.length);
  body.writeUInt16LE(33, 0);
  body.writeUInt8(DIRECTORY_INFORMATION, 2);
  id.copy(body, 8);
  body.writeUInt16LE(64 + 32, 24);
  body.writeUInt16LE(pattern.length, 26);
  body.writeUInt32LE(LIST_BYTES, 28);
  pattern.copy(body, 32);
  const reply = await share.ask({ command: COMMAND.queryDirectory, frame, charge: chargeFor(LIST_BYTES) }, signal);
  const { status } = reply.header;
  if (status === STATUS.noMoreFiles || status === STATUS.noSuchFile) return undefined;
  if (status !== STATUS.ok) throw statusError(status, 'list');
  const entries = [...chained(outputOf(reply.message, 'list'), ENTRY_HEAD_BYTES)].map(decodeEntry);
  reply.release();
  // A name that holds a path is no name: whoever joins it to a folder would be led out of it.
  return entries.filter(({ name }) => name !== '.' && name !== '..' && isPlainName(name));
}

function decodeChange(fields: Fields): SmbChange[] {
  const kind = KINDS[fields.u32(4)];
  const name = fields.text(12, fields.u32(8)).replaceAll('\\', '/');
  return kind === undefined || name.split('/').some((part) => part === '..') ? [] : [{ kind, name }];
}

/** Waits for as long as nothing happens; an empty list says that too much did. */
export async function nextChanges(
  share: Share,
  id: Buffer,
  { isDeep }: { isDeep: boolean },
  signal: AbortSignal,
): Promise<SmbChange[]> {
  const { frame, body } = newRequest(32);
  body.writeUInt16LE(32, 0);
  body.writeUInt16LE(isDeep ? WATCH_DEEP : 0, 2);
  body.writeUInt32LE(NOTIFY_BYTES, 4);
  id.copy(body, 8);
  body.writeUInt32LE(NOTIFY_FILTER, 24);
  const reply = await share.ask({ command: COMMAND.changeNotify, frame, isPatient: true }, signal);
  const { status } = reply.header;
  if (status === STATUS.notifyEnumDir) return [];
  if (status !== STATUS.ok) throw statusError(status, 'watch');
  const changes = [...chained(outputOf(reply.message, 'changes'), CHANGE_HEAD_BYTES)].flatMap(decodeChange);
  reply.release();
  return changes;
}
