// How a script of any shell becomes what a session runs: /bin/sh text, or PowerShell's where the device is Windows. Values stand before it as quoted words.
import { quoteForPowerShell } from '#relay/transport/powershell-text.ts';
import { quoteForShell, type Variables } from '#relay/transport/script-wrap.ts';
import type { ScriptShell } from '#shared/model/script-facts.ts';
import { END } from './actions/action-script.ts';

interface Wrapped {
  text: string;
  values: Variables;
  /** Of the whole version: no script holds it, so none can end its own text with it. */
  hash: string;
}

const exportsOf = (values: Variables): string =>
  [...values].map(([name, value]) => `${name}=${quoteForShell(value)}\nexport ${name}\n`).join('');

const environmentOf = (values: Variables): string =>
  [...values]
    .map(([name, value]) => `[Environment]::SetEnvironmentVariable('${name}',${quoteForPowerShell(value)})\n`)
    .join('');

/**
 * The program reads its script from a file descriptor, so that neither a process list nor a disk holds it and stdin stays what it
 * was. `exec` keeps it in the process group that a cancel ends.
 */
const byProgram =
  (program: 'bash' | 'python3') =>
  ({ text, values, hash }: Wrapped): string =>
    `${exportsOf(values)}command -v ${program} >/dev/null 2>&1 || {
  echo 'this device has no ${program}' >&2
  exit ${END.unsupported}
}
exec ${program} /dev/fd/9 9<<'RMM_${hash}'
${text}
RMM_${hash}
`;

/** A block of its own, so that it may begin with `param` or `using`. */
const inPowerShell = ({ text, values }: Wrapped): string =>
  `${environmentOf(values)}& ([ScriptBlock]::Create(${quoteForPowerShell(text)}))\n`;

/** cmd reads files alone. It lies there for the length of the run, readable by whoever reads the login's own temporary files. */
const inCmd = ({ text, values }: Wrapped): string => `${environmentOf(values)}$code=1
$file=[IO.Path]::Combine([IO.Path]::GetTempPath(),'rmm-'+[Guid]::NewGuid().ToString('N')+'.cmd')
try {
  [IO.File]::WriteAllText($file,${quoteForPowerShell(`@echo off\r\nchcp 65001 >nul\r\n${withCrLf(text)}\r\n`)},(New-Object Text.UTF8Encoding $false))
  & $env:ComSpec /d /q /c $file
  $code=$LASTEXITCODE
} finally { Remove-Item -LiteralPath $file -Force -ErrorAction SilentlyContinue }
exit $code
`;

const withCrLf = (text: string): string => text.replaceAll(/\r?\n/g, '\r\n');

const WRAPS: Readonly<Record<ScriptShell, (wrapped: Wrapped) => string>> = {
  sh: ({ text, values }) => `${exportsOf(values)}${text}\n`,
  bash: byProgram('bash'),
  python3: byProgram('python3'),
  powershell: inPowerShell,
  cmd: inCmd,
};

export const scriptFor = (shell: ScriptShell, wrapped: Wrapped): string => WRAPS[shell](wrapped);
