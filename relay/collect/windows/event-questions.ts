// The script that reads event logs from a mark on: seeks to it, so that a log of a million entries costs as much as what is new in it.
import type { EventFilter, EventMarks } from '#relay/collect/event-log.ts';
import { quoteForPowerShell } from '#relay/transport/powershell-text.ts';
import type { EventLevel } from '#shared/model/record.ts';
import type { ScriptQuestion } from './script-questions.ts';

/** Told in one reading: with messages of two thousand characters 1 MB. */
export const MAX_ENTRIES = 500;
/** Looked at in one reading of one log, two seconds of a machine's processor; what lies before is counted as dropped. */
const MAX_LOOKED_AT = 20_000;
/** Looked at when a log is met for the first time: enough that there is something to see. */
const FIRST_LOOK = 1_000;
/** A message is cut here on the machine, so that five hundred of them fit an answer. */
const MAX_MESSAGE = 2_000;

/** Event.System.Level; audits have level 0 and say by a keyword how they ended. */
export const LEVEL_NUMBERS: Partial<Record<EventLevel, number>> = {
  critical: 1,
  error: 2,
  warning: 3,
  information: 4,
  verbose: 5,
};
export const AUDIT_FAILURE = 0x10_0000_0000_0000n;
export const AUDIT_SUCCESS = 0x20_0000_0000_0000n;

/** Whose entries 4103 and 4104 hold the text of commands and scripts, with whatever secret somebody wrote into one. */
export const SCRIPT_SOURCE = 'Microsoft-Windows-PowerShell';
/** They are told without it. */
export const SCRIPT_CODES: readonly number[] = [4_103, 4_104];

/**
 * Win32_NTLogEvent is not asked: it walks the whole log for each question and knows no Operational one; a filter by number
 * (`EventRecordID > n`) walks it too. Record numbers rise by one, so the distance from the end finds the mark at once; where numbers
 * have gaps it lands before the mark, and what is known is passed over. An empty log keeps its mark: whether numbers begin anew
 * after it was cleared, its next entry says.
 */
const READ_LOG = `
function Open-Log($log, $isBack) {
  $query = New-Object System.Diagnostics.Eventing.Reader.EventLogQuery $log, ([System.Diagnostics.Eventing.Reader.PathType]::LogName)
  $query.ReverseDirection = $isBack
  New-Object System.Diagnostics.Eventing.Reader.EventLogReader $query
}
function Text-Of($e) {
  if ($e.ProviderName -eq '${SCRIPT_SOURCE}' -and (${SCRIPT_CODES.map((code) => `$e.Id -eq ${code}`).join(' -or ')})) {
    $p = @($e.Properties | ForEach-Object { [string]$_.Value })
    if ($p.Count -lt 5) { return '' }
    return "Script block $($p[3]), part $($p[0]) of $($p[1]), $($p[2].Length) characters, path: $($p[4])"
  }
  $text = $null
  try { $text = $e.FormatDescription() } catch { }
  if (-not $text) { $text = (@($e.Properties | ForEach-Object { [string]$_.Value }) -join ' ') }
  if ($text.Length -gt ${MAX_MESSAGE}) { $text = $text.Substring(0, ${MAX_MESSAGE}) }
  $text
}
function Read-Log($log, $after, $at, $levels, $codes, $sources, $audits) {
  $state = @{ Log = $log }
  try {
    $reader = Open-Log $log $true
    $end = $reader.ReadEvent()
    $newest = if ($end) { [long]$end.RecordId } else { [Math]::Max([long]0, $after) }
    $reader.Dispose()
    $cleared = $newest -lt $after
    if ($end -and $at -ge 0 -and -not $cleared) {
      $reader = Open-Log $log $false
      $reader.Seek([IO.SeekOrigin]::End, $after - $newest)
      $e = $reader.ReadEvent()
      $cleared = $e -and $e.TimeCreated -and $e.RecordId -eq $after -and [long](Cell $e.TimeCreated) -ne $at
      $reader.Dispose()
    }
    if ($cleared) {
      $after = 0
      $at = -1
      $state.Cleared = $true
      $reader = Open-Log $log $false
      $state.Oldest = $reader.ReadEvent().RecordId
      $reader.Dispose()
    }
    $want = $newest - $after
    if ($after -lt 0) { $want = [Math]::Min($newest, ${FIRST_LOOK}); $after = $newest - $want }
    $want = [Math]::Min($want, ${MAX_LOOKED_AT})
    $last = $after
    if ($at -ge 0) { $state.LastAt = $at }
    if ($end -and $want -gt 0) {
      $reader = Open-Log $log $false
      $reader.Seek([IO.SeekOrigin]::End, 1 - $want)
      while ($e = $reader.ReadEvent()) {
        $id = [long]$e.RecordId
        if ($id -le $after) { continue }
        if ($null -eq $state.First) { $state.First = $id }
        $hit = ($levels -contains $e.Level) -or ($codes -contains $e.Id) -or ($e.Keywords -band $audits)
        if ($hit -and $sources.Count -and -not ($sources -contains $e.ProviderName)) { $hit = $false }
        if ($hit) {
          if ($script:left -le 0) { $state.More = $true; break }
          $script:left--
          @{ Log = $log; Entry = $id; At = $e.TimeCreated; Source = $e.ProviderName; Code = $e.Id; Level = $e.Level; Keywords = $e.Keywords; Message = (Text-Of $e) }
        }
        $last = $id
        $state.LastAt = $e.TimeCreated
      }
      $reader.Dispose()
    }
    if (-not $state.More -and $last -lt $newest) {
      $last = $newest
      $state.LastAt = $end.TimeCreated
    }
    $state.Last = $last
  } catch { $state.Failed = Why $_ }
  $script:states += $state
}
$script:left = ${MAX_ENTRIES}
$script:states = @()`;

const numbers = (list: readonly number[]): string => `@(${list.join(',')})`;
const texts = (list: readonly string[]): string => `@(${list.map(quoteForPowerShell).join(',')})`;

function readLog({ log, levels, codes, sources }: EventFilter, marks: EventMarks): string {
  const wanted = levels.flatMap((level) => LEVEL_NUMBERS[level] ?? []);
  const audits =
    (levels.includes('audit-failure') ? AUDIT_FAILURE : 0n) | (levels.includes('audit-success') ? AUDIT_SUCCESS : 0n);
  const { entry = -1, at = -1 } = marks[log] ?? {};
  return `Read-Log ${quoteForPowerShell(log)} ${entry} ${at} ${numbers(wanted)} ${numbers(codes)} ${texts(sources)} ${audits}`;
}

const ENTRY = {
  Log: 'text',
  Entry: 'integer',
  At: 'time',
  Source: 'text',
  Code: 'integer',
  Level: 'integer',
  Keywords: 'big',
  Message: 'text',
} as const;
const STATE = {
  Log: 'text',
  First: 'integer',
  Last: 'integer',
  LastAt: 'time',
  Oldest: 'integer',
  Cleared: 'boolean',
  More: 'boolean',
  Failed: 'text',
} as const;

/** The entries come first: how far each log was read is known after them. */
export const eventQuestions = (filters: readonly EventFilter[], marks: EventMarks) =>
  ({
    entries: { select: ENTRY, script: `${READ_LOG}\n${filters.map((filter) => readLog(filter, marks)).join('\n')}` },
    logs: { select: STATE, script: '$script:states' },
  }) satisfies Record<string, ScriptQuestion>;
