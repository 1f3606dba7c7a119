// PowerShell-shaped answers of the fake host: scripts that are known are answered, a few statements are understood, the rest is an error. No PowerShell runs.
import { answerKnown } from './known-scripts.ts';
import { type ProgramIo, readAll } from './program.ts';
import { STAGED } from './staged-programs.ts';
import type { WindowsMachine } from './windows-machine.ts';
import { escapeXml } from './xml-tree.ts';

/** What the relay puts last, so that a text cut short is told from a whole one. */
const END = '#rmm:end';
const CUT_OFF = 97;

/** An error record as PowerShell serialises it on stderr (MS-PSRP 2.2.5.1): each line its own string, controls as _xHHHH_. */
export function clixmlError(message: string): string {
  const lines = `${message}\r\n`.split(/(?<=\n)/).map((line) => {
    const text = escapeXml(line.replaceAll('_x', '_x005F_x'))
      .replaceAll('&#xD;', '_x000D_')
      .replaceAll('\n', '_x000A_');
    return `<S S="Error">${text}</S>`;
  });
  return `#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${lines.join('')}</Objs>`;
}

interface Text {
  script: string;
  environment: Map<string, string>;
}

const unquote = (quoted: string): string => quoted.replaceAll(/(['\u2018-\u201b])\1/g, '$1');

/** Takes the relay's wrapping off: a line of values, then the script as one quoted block. */
function unwrap(text: string, io: ProgramIo): Text {
  const environment = new Map(io.environment);
  if (text.includes('$v.Split'))
    for (const [, name = '', value = ''] of text.split('\n', 1)[0]?.matchAll(/(\w+):(\S*)/g) ?? [])
      environment.set(name, Buffer.from(value, 'base64').toString('utf8'));
  const start = text.indexOf("& ([ScriptBlock]::Create('");
  const end = text.lastIndexOf("'))");
  if (start === -1 || end === -1) return { script: text, environment };
  return { script: unquote(text.slice(start + "& ([ScriptBlock]::Create('".length, end)), environment };
}

/** The words after a cmdlet as one text: literals joined, variables of the environment put in. */
function textOf(expression: string, environment: ReadonlyMap<string, string>): string {
  const expand = (text: string) =>
    text.replaceAll(/\$env:(\w+)/g, (_, name: string) => environment.get(name) ?? '').replaceAll('`n', '\n');
  const single = /^'((?:[^']|'')*)'$/.exec(expression)?.[1];
  if (single !== undefined) return unquote(single);
  return expand(/^"([^"]*)"$/.exec(expression)?.[1] ?? expression);
}

/** Undefined: go on with the next statement. */
type Ran = Promise<number | undefined>;

async function statement(text: string, io: ProgramIo, environment: ReadonlyMap<string, string>): Ran {
  const [, word = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const value = () => textOf(rest.trim(), environment);
  switch (word.toLowerCase()) {
    case 'write-output':
    case 'write-host':
    case 'echo':
      await io.write('stdout', `${value()}\r\n`);
      return undefined;
    case 'write-error':
      await io.write(
        'stderr',
        clixmlError(`${value()}\r\n    + CategoryInfo          : NotSpecified: (:) [Write-Error], WriteErrorException`),
      );
      return undefined;
    case 'throw':
      await io.write('stderr', clixmlError(value()));
      return 1;
    case 'exit':
      return Number(/^-?\d+/.exec(rest)?.[0] ?? 0);
    case 'start-sleep':
      await io.sleep(Number(/[\d.]+/.exec(rest)?.[0] ?? 0) * (/-m/i.test(rest) ? 1 : 1_000));
      return undefined;
    default:
      return bare(text, word, io, environment);
  }
}

async function bare(text: string, word: string, io: ProgramIo, environment: ReadonlyMap<string, string>): Ran {
  const staged = STAGED[word.toLowerCase()];
  if (staged !== undefined) return staged({ ...io, commandLine: text });
  const printed = /^\[Console\]::(Out|Error)\.Write(Line)?\(([\s\S]*)\)$/i.exec(text);
  if (printed !== null) {
    const stream = printed[1]?.toLowerCase() === 'error' ? 'stderr' : 'stdout';
    await io.write(stream, `${textOf(printed[3] ?? '', environment)}${printed[2] === undefined ? '' : '\r\n'}`);
    return undefined;
  }
  if (/^('|"|\$env:)/.test(text)) {
    await io.write('stdout', `${textOf(text, environment)}\r\n`);
    return undefined;
  }
  // Settings have no output.
  if (/^(\$\w+\s*=|try\s*\{|#|param\b|set-strictmode)/i.test(text)) return undefined;
  await io.write(
    'stderr',
    clixmlError(
      `${word} : The term '${word}' is not recognized as the name of a cmdlet, function, script file, or operable program.`,
    ),
  );
  return 1;
}

/** Statements end at a line's end or a semicolon outside of quotes. */
const statementsOf = (script: string): string[] =>
  (script.match(/(?:'(?:[^']|'')*'|"[^"]*"|[^;\n'"])+/g) ?? [])
    .map((text) => text.trim())
    .filter((text) => text !== '');

export async function runPowerShell(given: string, io: ProgramIo, machine: WindowsMachine): Promise<number> {
  const isBootstrap = given.includes('OpenStandardInput');
  const text = isBootstrap || given === '-' || given === '' ? await readAll(io) : given;
  if (isBootstrap && given.includes(END) && !text.endsWith(END)) return CUT_OFF;
  const { script, environment } = unwrap(text, io);
  machine.ran.push(script);
  // What is kept of them is bounded: a lab runs for days.
  if (machine.ran.length > 100) machine.ran.shift();
  const known = answerKnown(script, machine);
  if (known !== undefined) {
    if (known.stdout !== '') await io.write('stdout', known.stdout);
    return known.code;
  }
  for (const one of statementsOf(script)) {
    const code = await statement(one, io, environment);
    if (code !== undefined) return code;
  }
  return 0;
}
