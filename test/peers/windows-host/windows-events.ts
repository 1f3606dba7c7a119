// The event logs of a simulated Windows machine: entry n of a log follows from n, and there are more of them as time goes by.
import type { CimValue } from './cim-value.ts';
import type { MachineView } from './windows-machine.ts';

interface Kind {
  source: string;
  code: number;
  /** Event.System.Level; audits have 0. */
  level: number;
  keywords: bigint;
  message: string;
}

interface LogModel {
  /** An entry this often. */
  everyMs: number;
  /** The first is what most entries are. */
  kinds: readonly Kind[];
}

/** One entry in so many is something to look at. */
const RARE = 40;

const kindOf = ({ kinds }: LogModel, id: number): Kind | undefined =>
  id % RARE === 0 ? kinds[1 + ((id / RARE) % Math.max(1, kinds.length - 1))] : kinds[0];

/** Classic entries, audits that failed and that succeeded (winmeta.xml). */
const CLASSIC = 0x80000000000000n;
const AUDIT_FAILURE = 0x10000000000000n;
const AUDIT_SUCCESS = 0x20000000000000n;

const kind = (source: string, code: number, level: number, message: string, keywords = CLASSIC): Kind => ({
  source,
  code,
  level,
  keywords,
  message,
});
const SECURITY = 'Microsoft-Windows-Security-Auditing';

const LOGS: Readonly<Record<string, LogModel>> = {
  system: {
    everyMs: 600_000,
    kinds: [
      kind('Service Control Manager', 7036, 4, 'The Windows Update service entered the running state.'),
      kind('Microsoft-Windows-Time-Service', 37, 4, 'The time provider NtpClient is receiving valid time data.'),
      kind('Disk', 51, 3, 'An error was detected on device \\Device\\Harddisk0\\DR0 during a paging operation.'),
      kind(
        'Service Control Manager',
        7031,
        2,
        'The Print Spooler service terminated unexpectedly. It has done this 1 time(s).',
      ),
    ],
  },
  application: {
    everyMs: 1_200_000,
    kinds: [
      kind('MsiInstaller', 1035, 4, 'Windows Installer reconfigured the product (simulated).'),
      kind('Application Error', 1000, 2, 'Faulting application name: simulated.exe, version: 1.0.0.0'),
      kind('ESENT', 510, 3, 'A request to write to the file succeeded, but took an abnormally long time.'),
    ],
  },
  security: {
    everyMs: 60_000,
    kinds: [
      kind(SECURITY, 4624, 0, 'An account was successfully logged on.', AUDIT_SUCCESS),
      kind(SECURITY, 4672, 0, 'Special privileges assigned to new logon.', AUDIT_SUCCESS),
      kind(SECURITY, 4625, 0, 'An account failed to log on.', AUDIT_FAILURE),
    ],
  },
  'microsoft-windows-powershell/operational': {
    everyMs: 900_000,
    kinds: [kind('Microsoft-Windows-PowerShell', 4104, 5, 'Creating Scriptblock text (1 of 1): Get-Service')],
  },
};

/** Each log is two days old when the machine booted, so that there is something to see at once. */
const HISTORY_MS = 2 * 86_400_000;

type Row = Record<string, CimValue>;

interface Asked {
  log: string;
  after: number;
  /** When the entry of that number was written, -1 for unknown. */
  at: number;
  levels: readonly number[];
  codes: readonly number[];
  sources: readonly string[];
  audits: bigint;
}

const QUOTED = "'((?:[^']|'')*)'";
const READ_LOG = new RegExp(
  `^Read-Log ${QUOTED} (-?\\d+) (-?\\d+) @\\(([^)]*)\\) @\\(([^)]*)\\) @\\(([^)]*)\\) (\\d+)$`,
  'gm',
);
const numbersIn = (text: string) => (text === '' ? [] : text.split(',').map(Number));

function askedIn(script: string): Asked[] {
  return [...script.matchAll(READ_LOG)].map(
    ([, log = '', after, at, levels = '', codes = '', sources = '', audits = '0']) => ({
      log: log.replaceAll("''", "'"),
      after: Number(after),
      at: Number(at),
      levels: numbersIn(levels),
      codes: numbersIn(codes),
      sources: [...sources.matchAll(new RegExp(QUOTED, 'g'))].map(([, name = '']) => name.replaceAll("''", "'")),
      audits: BigInt(audits),
    }),
  );
}

/** The bounds of the relay's own script. */
const FIRST_LOOK = 1_000;
const MAX_LOOKED_AT = 20_000;
const MAX_ENTRIES = 500;

function isWanted(one: Kind, { levels, codes, sources, audits }: Asked): boolean {
  const isHit = levels.includes(one.level) || codes.includes(one.code) || (one.keywords & audits) !== 0n;
  return isHit && (sources.length === 0 || sources.includes(one.source));
}

/** What a log says first after somebody cleared it; the security log by 1102, which nobody can leave out. */
const clearedEntry = (log: string): Kind =>
  log.toLowerCase() === 'security'
    ? kind('Microsoft-Windows-Eventlog', 1102, 4, 'The audit log was cleared.', AUDIT_SUCCESS)
    : kind('Microsoft-Windows-Eventlog', 104, 4, `The ${log} log file was cleared.`);

/** The entries of a log as they stand now: which is the newest, when each was written, what each is. */
function standingLog(log: string, machine: MachineView) {
  const model = LOGS[log.toLowerCase()];
  if (model === undefined) return undefined;
  const clearedAt = machine.clearedLogs.get(log.toLowerCase());
  // The first entry is of the moment in which it was cleared.
  const start = clearedAt === undefined ? machine.bootedAt - HISTORY_MS : clearedAt - model.everyMs;
  const usual = {
    newest: Math.floor((machine.now() - start) / model.everyMs),
    atOf: (id: number) => start + id * model.everyMs,
    kindOf: (id: number) => (id === 1 && clearedAt !== undefined ? clearedEntry(log) : kindOf(model, id)),
  };
  const { flood } = machine.trouble;
  if (flood?.log.toLowerCase() !== log.toLowerCase()) return usual;
  const last = Math.floor((flood.since - start) / model.everyMs);
  const level = flood.level === 'error' ? 2 : 3;
  return {
    newest: last + Math.floor((machine.now() - flood.since) / flood.everyMs),
    atOf: (id: number) => (id <= last ? usual.atOf(id) : flood.since + (id - last) * flood.everyMs),
    kindOf: (id: number) => (id <= last ? usual.kindOf(id) : kind('Disk', 51, level, 'It happened again.')),
  };
}

function readLog(asked: Asked, machine: MachineView, entries: Row[]): Row {
  const state: Row = { Log: asked.log };
  const found = standingLog(asked.log, machine);
  if (found === undefined) return { ...state, Failed: 'unsupported' };
  const { newest, atOf } = found;
  const isCleared = newest < asked.after || (asked.at >= 0 && atOf(asked.after) !== asked.at);
  const mark = isCleared ? 0 : asked.after;
  const after = mark < 0 ? Math.max(0, newest - FIRST_LOOK) : Math.max(mark, newest - MAX_LOOKED_AT);
  let [last, isMore] = [Math.max(after, 0), false];
  for (let id = after + 1; id <= newest; id += 1) {
    const one = found.kindOf(id);
    if (one === undefined) break;
    if (isWanted(one, asked)) {
      if (entries.length >= MAX_ENTRIES) {
        isMore = true;
        break;
      }
      entries.push({
        Log: asked.log,
        Entry: id,
        At: { at: atOf(id) },
        Source: one.source,
        Code: one.code,
        Level: one.level,
        Keywords: one.keywords,
        Message: one.message,
      });
    }
    last = id;
  }
  return {
    ...state,
    First: newest > after ? after + 1 : null,
    Last: last,
    LastAt: { at: atOf(last) },
    Oldest: isCleared ? 1 : null,
    Cleared: isCleared ? true : null,
    More: isMore ? true : null,
  };
}

/** What the relay's script for event logs gives: entries, then how far each log was read. Undefined for another script. */
export function eventRows(script: string, machine: MachineView): { entries: Row[]; logs: Row[] } | undefined {
  const asked = askedIn(script);
  if (asked.length === 0) return undefined;
  const entries: Row[] = [];
  const logs = asked.map((one) => readLog(one, machine, entries));
  return { entries, logs };
}
