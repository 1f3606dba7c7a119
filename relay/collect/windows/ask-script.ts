// Asks the same questions by one PowerShell script whose answer is one JSON document in a frame: where there is no CIM, and for what has no class.

import { z } from 'zod';
import { framedText } from '#relay/collect/framed-output.ts';
import { makeNonce } from '#relay/collect/run-script.ts';
import { type CimProperties, type CimQuery, wqlOf } from '#relay/transport/cim.ts';
import { quoteForPowerShell } from '#relay/transport/powershell-text.ts';
import type { Session } from '#relay/transport/transport.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Answers } from './ask-cim.ts';
import { readCell } from './script-cell.ts';
import type { ScriptQuestion } from './script-questions.ts';

export type Asked = Readonly<Record<string, CimQuery | ScriptQuestion>>;

export interface ScriptLimits {
  tier: 'hot' | 'cold' | 'events';
  timeoutMs: number;
  maxOutputBytes: number;
  /** Rows of one question; more is `too-large`. */
  maxRows: number;
}

const isScripted = (query: CimQuery | ScriptQuestion): query is ScriptQuestion => 'script' in query;

function askOne(name: string, query: CimQuery | ScriptQuestion): string {
  const members = Object.keys(query.select).map(quoteForPowerShell).join(',');
  const how = isScripted(query)
    ? query.script
    : `Get-CimInstance -Namespace ${quoteForPowerShell((query.namespace ?? 'root/cimv2').replaceAll('/', '\\'))} -Query ${quoteForPowerShell(wqlOf(query))} -OperationTimeoutSec 30`;
  return `Ask ${quoteForPowerShell(name)} @(${members}) {${how}\n}`;
}

/**
 * Every value travels as text without a language, so that no number is rounded and no date is anybody's own way of writing it.
 * What went wrong is told by the kind of the error, never by its words.
 */
export const questionScript = (nonce: string, asked: Asked, { tier, maxRows }: ScriptLimits): string => `\
# rmm ${tier} windows 1
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$n = '${nonce}'
$epoch = New-Object datetime 1970, 1, 1, 0, 0, 0, ([DateTimeKind]::Utc)
$answers = @{}
function Cell($v) {
  if ($v -is [datetime]) { return [string][int64][Math]::Floor(($v.ToUniversalTime() - $epoch).TotalMilliseconds) }
  [string]$v
}
function Why($e) {
  $x = $e.Exception
  while ($x.InnerException) { $x = $x.InnerException }
  $code = [string]$x.NativeErrorCode
  if ($code -eq 'AccessDenied' -or $x -is [UnauthorizedAccessException] -or $x -is [System.Security.SecurityException]) { return 'denied' }
  if ($x.HResult -eq -2147024891) { return 'denied' }
  if ('InvalidNamespace', 'InvalidClass', 'InvalidQuery', 'NotSupported', 'NotFound' -contains $code) { return 'unsupported' }
  if ($x.HResult -eq -2147221164) { return 'unsupported' }
  'refused'
}
function Ask($name, $members, $how) {
  try {
    $rows = New-Object System.Collections.ArrayList
    foreach ($r in & $how) {
      if ($null -eq $r) { continue }
      if ($rows.Count -ge ${maxRows}) { $answers[$name] = @{ failed = 'too-large' }; return }
      $row = @{}
      foreach ($m in $members) {
        $v = $r.$m
        if ($null -eq $v) { continue }
        if ($v -is [array]) { $row[$m] = @($v | ForEach-Object { Cell $_ }) } else { $row[$m] = Cell $v }
      }
      [void]$rows.Add($row)
    }
    $answers[$name] = @{ rows = @($rows) }
  } catch { $answers[$name] = @{ failed = (Why $_) } }
}
${Object.entries(asked)
  .map(([name, query]) => askOne(name, query))
  .join('\n')}
''
"$n begin 1 windows"
ConvertTo-Json -Compress -Depth 6 -InputObject $answers
"$n end"
exit 0
`;

const Cell = z.union([z.string(), z.array(z.string().nullable()), z.null()]);
const Document = z.record(
  z.string(),
  z.union([
    z.object({ rows: z.array(z.record(z.string(), Cell)) }),
    z.object({ failed: z.enum(['denied', 'unsupported', 'too-large', 'refused']) }),
  ]),
);

/** The rows of each question out of the document; what is of no known form is `malformed`, and costs no other question anything. */
export function readDocument<Q extends Asked>(text: string, asked: Q): Outcome<Answers<Q>> {
  const document = Document.safeParse(parseJson(text));
  if (!document.success) return fail('malformed', 'the answer is no document of ours');
  const answers = Object.entries(asked).map(([name, query]) => {
    const told = document.data[name];
    if (told === undefined) return [name, fail('malformed', `${name}: not told`)];
    if ('failed' in told) return [name, fail(told.failed, `${name}: the machine says ${told.failed}`)];
    return [name, succeed(told.rows.map((row) => rowOf(row, query.select)))];
  });
  // Each name was read by its own question, whose members type the rows.
  return succeed(Object.fromEntries(answers) as Answers<Q>);
}

const rowOf = (row: Readonly<Record<string, z.infer<typeof Cell>>>, select: CimProperties) =>
  Object.fromEntries(Object.entries(select).map(([member, kind]) => [member, readCell(kind, row[member])]));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON is no document
  }
}

/** All answers, or the failure of the script as a whole. */
export async function askScript<Q extends Asked>(
  session: Pick<Session, 'run'>,
  asked: Q,
  limits: ScriptLimits,
  { random, signal }: { random: RandomBytes; signal: AbortSignal },
): Promise<Outcome<Answers<Q>>> {
  const nonce = makeNonce(random);
  const { timeoutMs, maxOutputBytes } = limits;
  const script = questionScript(nonce, asked, limits);
  const result = await session.run({ script, timeoutMs, maxOutputBytes }, signal);
  if (!result.ok) return result;
  const text = framedText(result.value, nonce, 'windows');
  return text.ok ? readDocument(text.value, asked) : text;
}

/** The same failure for each question: none of them was answered. */
export function allFailed<Q extends Asked>(asked: Q, failure: Failure): Answers<Q> {
  // Every name of the questions is there, with a failure, which has no rows to type.
  return Object.fromEntries(Object.keys(asked).map((name) => [name, failure])) as Answers<Q>;
}
