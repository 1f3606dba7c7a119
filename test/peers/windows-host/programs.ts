// Which program a command line of the fake host starts: cmd, ipconfig and a few that behave badly on purpose.
import type { Program, ProgramIo } from './program.ts';
import { readAll } from './program.ts';
import { STAGED } from './staged-programs.ts';

/** What the rest of the fake host knows about running PowerShell. */
export type PowerShell = (script: string, io: ProgramIo) => Promise<number>;

export interface ProgramDeps {
  powershell: PowerShell;
  address: string;
}

const IP_CONFIG = (address: string): string =>
  [
    '',
    'Windows IP Configuration',
    '',
    '',
    'Ethernet adapter Ethernet0:',
    '',
    '   Connection-specific DNS Suffix  . : ',
    `   IPv4 Address. . . . . . . . . . . : ${address}`,
    '   Subnet Mask . . . . . . . . . . . : 255.0.0.0',
    '',
  ].join('\r\n');

const unquoted = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1) : text);

/** `cmd /c` with echo, exit, type con, ver, set and `&`, as much as tests say. */
const cmd: Program = async (io) => {
  const line = unquoted(
    io.commandLine
      .replace(/^\s*"?cmd(\.exe)?"?\s*/i, '')
      .replace(/^\/c\s*/i, '')
      .trim(),
  );
  let code = 0;
  for (const part of line.split(/\s*&&?\s*/)) {
    const [, word = '', rest = ''] = /^(\S+)\s?([\s\S]*)$/.exec(part) ?? [];
    switch (word.toLowerCase()) {
      case 'echo':
        await io.write(/1?>&2/.test(rest) ? 'stderr' : 'stdout', `${rest.replace(/\s*1?>&2/, '')}\r\n`);
        break;
      case 'exit':
        return Number(/-?\d+/.exec(rest)?.[0] ?? 0);
      case 'ver':
        await io.write('stdout', '\r\nMicrosoft Windows [Version 10.0.17763.5576]\r\n');
        break;
      case 'set':
        for (const [name, value] of io.environment) await io.write('stdout', `${name}=${value}\r\n`);
        break;
      case 'more':
        await io.write('stdout', await readAll(io));
        break;
      default:
        await io.write(
          'stderr',
          `'${word}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n`,
        );
        code = 1;
    }
  }
  return code;
};

const powershell =
  (run: PowerShell): Program =>
  async (io) => {
    const encoded = /-e(?:nc(?:odedcommand)?)?\s+([A-Za-z0-9+/=]+)/i.exec(io.commandLine)?.[1];
    if (encoded !== undefined) return run(Buffer.from(encoded, 'base64').toString('utf16le'), io);
    const given = io.commandLine
      .replace(/^\s*\S*powershell(\.exe)?"?\s*/i, '')
      .replace(/-(no\w+|command|c|executionpolicy\s+\w+|inputformat\s+\w+|outputformat\s+\w+|file)\b\s*/gi, '')
      .trim();
    return run(unquoted(given), io);
  };

/** What a command line starts; an unknown one ends as cmd.exe ends it. */
export function programFor(commandLine: string, { powershell: run, address }: ProgramDeps): Program {
  const word = unquoted(/^\s*("[^"]*"|\S+)/.exec(commandLine)?.[1] ?? '').toLowerCase();
  const name = word.slice(word.lastIndexOf('\\') + 1).replace(/\.exe$/, '');
  const staged = STAGED[name];
  if (staged !== undefined) return staged;
  if (name === 'powershell') return powershell(run);
  if (name === 'ipconfig')
    return async (io) => {
      await io.write('stdout', IP_CONFIG(address));
      return 0;
    };
  return (io) => cmd({ ...io, commandLine: name === 'cmd' ? commandLine : `cmd /c ${commandLine}` });
}
