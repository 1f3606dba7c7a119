// Files of a Windows machine through PowerShell, in chunks, whole or not at all: SHA-256 on both ends, a temporary file beside the target.

import { createHash } from 'node:crypto';
import { quoteForPowerShell } from '#relay/transport/powershell-text.ts';
import { printable } from '#relay/transport/script-output.ts';
import { newNonce } from '#relay/transport/script-wrap.ts';
import type { RunRequest, RunResult } from '#relay/transport/transport.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type FailureReason, fail, type Outcome, succeed } from '#shared/base/outcome.ts';

// 384 KiB: 512 KiB in base64, one script that PowerShell parses in a moment.
const CHUNK_BYTES = 384 * 1024;
/** 16 MiB: 43 chunks, each a shell of its own; what is larger goes over SMB. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;
// 60 s for one chunk: a busy machine starts PowerShell in ten.
const CHUNK_MS = 60_000;
// What a chunk prints in base64, with its marks.
const MAX_OUTPUT_BYTES = Math.ceil((CHUNK_BYTES * 4) / 3) + 4_096;

export interface RemoteShellRun {
  name: string;
  random: RandomBytes;
  run: (request: RunRequest, signal: AbortSignal) => Promise<Outcome<RunResult>>;
}

/** Ends of our scripts. */
const ENDS: Readonly<Record<number, { reason: FailureReason; detail: string }>> = {
  40: { reason: 'refused', detail: 'no such file' },
  41: { reason: 'denied', detail: 'the login may not do this' },
  42: { reason: 'refused', detail: 'the file could not be read or written' },
  43: { reason: 'malformed', detail: 'what arrived differs from what was sent' },
};

const GUARD = `$ErrorActionPreference='Stop'
trap { $e=$_.Exception; while($e.InnerException){$e=$e.InnerException}
 if($e -is [IO.FileNotFoundException] -or $e -is [IO.DirectoryNotFoundException]){exit 40}
 if($e -is [UnauthorizedAccessException]){exit 41}
 exit 42 }
`;
const HASH = `function Hash($f){$h=[Security.Cryptography.SHA256]::Create();$s=[IO.File]::OpenRead($f);try{return ([BitConverter]::ToString($h.ComputeHash($s))-replace'-','').ToLowerInvariant()}finally{$s.Dispose()}}
`;

async function runPart(shell: RemoteShellRun, script: string, signal: AbortSignal): Promise<Outcome<string>> {
  const request = { script: GUARD + script, timeoutMs: CHUNK_MS, maxOutputBytes: MAX_OUTPUT_BYTES };
  const result = await shell.run(request, signal);
  if (!result.ok) return result;
  const { end, stdout, stderr } = result.value;
  if (end.kind === 'exit' && end.code === 0) return succeed(Buffer.from(stdout).toString('latin1'));
  const known = end.kind === 'exit' ? ENDS[end.code] : undefined;
  if (known !== undefined) return fail(known.reason, `${shell.name}: ${known.detail}`);
  return fail('malformed', `${shell.name}: PowerShell ended in another way: ${printable(stderr)}`);
}

/** One chunk as it prints it: length and hash of the whole file, then base64. */
const PART = /^([0-9]{1,15}) ([0-9a-f]{64}) ([A-Za-z0-9+/=]*)$/;

const readScript = (path: string, offset: number) => `${HASH}$f=${quoteForPowerShell(path)}
$f=[IO.Path]::GetFullPath($f)
$s=[IO.File]::Open($f,'Open','Read','ReadWrite')
try{$n=$s.Length;[void]$s.Seek(${offset},'Begin');$b=New-Object byte[] ${CHUNK_BYTES};$got=0
while($got -lt $b.Length){$k=$s.Read($b,$got,$b.Length-$got);if($k -le 0){break};$got+=$k}}finally{$s.Dispose()}
[Console]::Out.Write("$n $(Hash $f) $([Convert]::ToBase64String($b,0,$got))")
exit 0
`;

export async function readOverPowershell(
  shell: RemoteShellRun,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Outcome<Uint8Array>> {
  const cap = Math.min(maxBytes, MAX_FILE_BYTES);
  const parts: Buffer[] = [];
  let size = 0;
  let first: { length: number; hash: string } | undefined;
  for (;;) {
    const said = await runPart(shell, readScript(path, size), signal);
    if (!said.ok) return said;
    const [, length = '', hash = '', text = ''] = PART.exec(said.value.replace(/[\r\n]+$/, '')) ?? [];
    if (hash === '') return fail('malformed', `${shell.name}: what it says of a file cannot be read`);
    first ??= { length: Number(length), hash };
    if (first.length > cap) return fail('too-large', `${shell.name}: the file has more than ${cap} bytes`);
    if (hash !== first.hash) return fail('malformed', `${shell.name}: the file changed while it was read`);
    const part = Buffer.from(text, 'base64');
    parts.push(part);
    size += part.length;
    if (size >= first.length || part.length === 0) break;
  }
  const whole = Buffer.concat(parts);
  const isSame = createHash('sha256').update(whole).digest('hex') === first.hash;
  return isSame ? succeed(whole) : fail('malformed', `${shell.name}: what arrived is not what the file holds`);
}

const appendScript = (
  temporary: string,
  part: Uint8Array,
  offset: number,
) => `$t=[IO.Path]::GetFullPath(${quoteForPowerShell(temporary)})
$b=[Convert]::FromBase64String('${Buffer.from(part).toString('base64')}')
$s=[IO.File]::Open($t,${offset === 0 ? "'CreateNew'" : "'Open'"},'Write','None')
try{if($s.Length -ne ${offset}){exit 43};[void]$s.Seek(0,'End');$s.Write($b,0,$b.Length);$s.Flush($true)}finally{$s.Dispose()}
exit 0
`;

const placeScript = (
  temporary: string,
  path: string,
  hash: string,
) => `${HASH}$t=[IO.Path]::GetFullPath(${quoteForPowerShell(temporary)})
$f=[IO.Path]::GetFullPath(${quoteForPowerShell(path)})
if((Hash $t) -cne '${hash}'){[IO.File]::Delete($t);exit 43}
if([IO.File]::Exists($f)){[IO.File]::Replace($t,$f,[NullString]::Value)}else{[IO.File]::Move($t,$f)}
exit 0
`;

const removeScript = (temporary: string) => `[IO.File]::Delete([IO.Path]::GetFullPath(${quoteForPowerShell(temporary)}))
exit 0
`;

export async function writeOverPowershell(
  shell: RemoteShellRun,
  path: string,
  content: Uint8Array,
  signal: AbortSignal,
): Promise<Outcome<void>> {
  if (content.length > MAX_FILE_BYTES)
    return fail('too-large', `${shell.name}: more than ${MAX_FILE_BYTES} bytes are not written through PowerShell`);
  const temporary = `${path}.${newNonce(shell.random)}`;
  const placed = await writeParts(shell, { path, temporary, content }, signal);
  // Half a file stays for nobody; who stopped us waits for it no longer than for one run.
  if (!placed.ok) await runPart(shell, removeScript(temporary), new AbortController().signal).catch(() => undefined);
  return placed;
}

interface Writing {
  path: string;
  temporary: string;
  content: Uint8Array;
}

async function writeParts(
  shell: RemoteShellRun,
  { path, temporary, content }: Writing,
  signal: AbortSignal,
): Promise<Outcome<void>> {
  for (let at = 0; at === 0 || at < content.length; at += CHUNK_BYTES) {
    const part = content.subarray(at, at + CHUNK_BYTES);
    const said = await runPart(shell, appendScript(temporary, part, at), signal);
    if (!said.ok) return said;
  }
  const hash = createHash('sha256').update(content).digest('hex');
  const said = await runPart(shell, placeScript(temporary, path, hash), signal);
  return said.ok ? succeed(undefined) : said;
}
