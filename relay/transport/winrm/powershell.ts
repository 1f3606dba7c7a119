// Puts a PowerShell script on stdin: what stands on the command line is always the same few words, and no part of the script.
import { quoteForPowerShell } from '#relay/transport/powershell-text.ts';
import type { Variables } from '#relay/transport/script-wrap.ts';

/** The last line of what is sent; without it the text did not arrive whole, and nothing of it runs. */
const END = '#rmm:end';
/** How PowerShell ends when the text did not arrive whole. */
const CUT_OFF = 97;

/**
 * Reads all of stdin as UTF-8. The first line holds values and is cut off before anything becomes a script block: Windows may keep the
 * text of each block in its event log (4104). It holds no sign that cmd.exe reads as its own (& | < > ^ % and double quotes), as a
 * WinRS shell starts programs through cmd.exe.
 */
const BOOTSTRAP =
  `$t=(New-Object IO.StreamReader([Console]::OpenStandardInput(),[Text.Encoding]::UTF8)).ReadToEnd();` +
  `if($t.EndsWith('${END}')){$i=$t.IndexOf([char]10);$v=$t.Substring(0,$i);` +
  `. ([ScriptBlock]::Create($t.Substring($i+1)))}else{exit ${CUT_OFF}}`;

/** What is started. Without `-InputFormat None` PowerShell would itself read stdin, as input of the command, beside the bootstrap. */
export const POWERSHELL = {
  program: 'powershell.exe',
  args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-InputFormat', 'None', '-Command', BOOTSTRAP],
} as const;

/**
 * The same for a shell that is not known beforehand, as sshd on Windows starts one. cmd.exe hands all of it to the program. PowerShell
 * reads two statements: a program that does nothing, then the bootstrap, which it runs itself. Neither reads stdin before it.
 */
export const POWERSHELL_LINE = [POWERSHELL.program, ...POWERSHELL.args.slice(0, -1), `[void]0;${BOOTSTRAP}`].join(' ');

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** One line, `NAME:base64` by spaces. Throws for a name that is none: names are code. */
function valuesLine(variables: Variables): string {
  return [...variables]
    .map(([name, value]) => {
      if (!NAME.test(name)) throw new TypeError(`${name}: not a name of a variable`);
      return `${name}:${Buffer.from(value).toString('base64')}`;
    })
    .join(' ');
}

/** Puts the values of the first line, which the bootstrap has in `$v`, into the environment, and forgets the line. */
const TAKE_VALUES =
  `foreach($p in $v.Split(' ')){$p=$p.Split(':');` +
  `[Environment]::SetEnvironmentVariable($p[0],[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($p[1])))}\n` +
  `$p=$v=$t=$null\n`;

/**
 * The text of a script as one block. It stands in a block of its own, so that it may begin with `param` or `using`, and is parsed as a
 * whole before any of it runs. It ends with its own `exit`, with 1 after an error that nobody caught, else with the code of the last
 * program that it started, or 0.
 */
export const powershellBlock = (script: string, before = ''): string =>
  `$ProgressPreference='SilentlyContinue'
try{$OutputEncoding=[Console]::OutputEncoding=New-Object System.Text.UTF8Encoding $false}catch{}
${before}& ([ScriptBlock]::Create(${quoteForPowerShell(script)}))
if($null -ne $LASTEXITCODE){exit $LASTEXITCODE}
${END}`;

/** What goes to the stdin of the bootstrap; `before` runs ahead of the script, in statements of its own. */
export const powershellInput = (script: string, variables: Variables = new Map(), before = ''): string =>
  `${valuesLine(variables)}\n${powershellBlock(script, `${before}${variables.size === 0 ? '' : TAKE_VALUES}`)}`;
