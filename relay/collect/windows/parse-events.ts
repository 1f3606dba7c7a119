// Reads what the event script told: entries after their mark, once each, with what was passed over before them.
import type { EventFilter, EventMark, EventMarks, EventReading, LogEntry } from '#relay/collect/event-log.ts';
import type { EventLevel } from '#shared/model/record.ts';
import { type Answers, type Rows, rowsOf } from './ask-cim.ts';
import {
  AUDIT_FAILURE,
  AUDIT_SUCCESS,
  type eventQuestions,
  LEVEL_NUMBERS,
  MAX_ENTRIES,
  SCRIPT_CODES,
  SCRIPT_SOURCE,
} from './event-questions.ts';

type Questions = ReturnType<typeof eventQuestions>;
type EntryRow = Rows<Questions['entries']>[number];
type StateRow = Rows<Questions['logs']>[number];

const MAX_TEXT = 255;
const MAX_MESSAGE = 4_000;
/** A billion. A sum of what a machine says must stay a number that every reader takes: one that is none costs the whole batch. */
const MAX_DROPPED = 1_000_000_000;

/** `marks` are those the script was given. A log that could not be read keeps its mark. */
export function parseEvents(
  answers: Answers<Questions>,
  filters: readonly EventFilter[],
  marks: EventMarks,
): EventReading {
  const states = new Map((rowsOf(answers.logs) ?? []).map((row) => [row.Log, row]));
  const rows = (rowsOf(answers.entries) ?? []).slice(0, MAX_ENTRIES);
  const unread = new Map<string, string>();
  const entries: LogEntry[] = [];
  const next: Record<string, EventMark> = {};
  for (const { log } of filters) {
    const former = marks[log];
    const state = states.get(log);
    if (state === undefined || state.Failed !== undefined || state.Last === undefined) {
      unread.set(log, whyOf(state));
      if (former !== undefined) next[log] = former;
      continue;
    }
    const own = rows.filter((row) => row.Log === log);
    const read = readLog(log, own, state, former);
    entries.push(...read.entries);
    next[log] = read.mark;
  }
  return { entries, marks: next, hasMore: [...states.values()].some(({ More }) => More === true), unread };
}

/** The words of our own script; what else a machine says is none. */
const WHYS = ['denied', 'unsupported', 'refused'];

const whyOf = (state: StateRow | undefined): string =>
  state === undefined ? 'malformed' : (WHYS.find((why) => why === state.Failed) ?? 'refused');

function readLog(log: string, rows: readonly EntryRow[], state: StateRow, former: EventMark | undefined) {
  const isAnew = former === undefined || state.Cleared === true;
  const after = isAnew ? -1 : former.entry;
  let dropped = Math.min(MAX_DROPPED, (former?.dropped ?? 0) + passedOverIn(state, former));
  const entries: LogEntry[] = [];
  let last = after;
  for (const row of rows) {
    const entry = entryOf(log, row);
    if (entry === undefined) {
      // It has no time or no number: nobody can be told of it, but that there was one.
      dropped += 1;
      continue;
    }
    // Rising numbers alone: a machine that tells one twice is believed once.
    if (entry.entry <= last) continue;
    last = entry.entry;
    entries.push(dropped > 0 ? { ...entry, dropped } : entry);
    dropped = 0;
  }
  const { Last = 0, LastAt: at = -1 } = state;
  const mark = { entry: Math.max(0, last, Last), dropped };
  return { entries, mark: at >= 0 && Last >= last ? { ...mark, at } : mark };
}

/** The log forgot them before they were read, or so many came at once that they were passed over. */
function passedOverIn({ First, Oldest, Cleared }: StateRow, former: EventMark | undefined): number {
  if (First === undefined || former === undefined) return 0;
  return Math.max(0, First - (Cleared === true ? (Oldest ?? First) : former.entry + 1));
}

function entryOf(log: string, row: EntryRow): LogEntry | undefined {
  const { At: at, Entry: entry, Code: code } = row;
  if (at === undefined || entry === undefined || code === undefined || at < 0 || entry < 0 || code < 0)
    return undefined;
  return {
    at,
    log,
    entry,
    source: plainText(row.Source ?? '', MAX_TEXT),
    code,
    level: levelOf(row),
    message: messageOf(row),
  };
}

/** What the machine's own script says of a script block, in place of its text. */
const BLOCK = /^Script block [0-9A-Fa-f-]{0,64}, part \d{0,10} of \d{0,10}, \d{1,10} characters, path: [^\n]{0,260}$/;

function messageOf({ Source, Code = 0, Message = '' }: EntryRow): string {
  const isScript = Source === SCRIPT_SOURCE && SCRIPT_CODES.includes(Code);
  if (isScript && !BLOCK.test(Message)) return 'Its text holds a script and stays on the machine.';
  return plainText(Message, MAX_MESSAGE);
}

function levelOf({ Level, Keywords = 0n }: EntryRow): EventLevel {
  if ((Keywords & AUDIT_FAILURE) !== 0n) return 'audit-failure';
  if ((Keywords & AUDIT_SUCCESS) !== 0n) return 'audit-success';
  for (const [level, number] of Object.entries(LEVEL_NUMBERS)) {
    if (number === Level) return level as EventLevel; // the keys of the table are levels
  }
  return 'information';
}

/** Lines stay, other control characters and halves of characters do not; cut without cutting a character in two. */
const plainText = (text: string, max: number): string =>
  text
    .replaceAll('\r\n', '\n')
    .slice(0, max)
    .replaceAll(/(?![\n\t])\p{Cc}|\p{Cs}/gu, '\ufffd');
