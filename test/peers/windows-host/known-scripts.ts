// The relay's own PowerShell scripts, recognised by their shape and answered from the model; nothing else of PowerShell is run.
import { createHash } from 'node:crypto';
import { type CimValue, isCimTime } from './cim-value.ts';
import { eventRows } from './windows-events.ts';
import type { WindowsMachine } from './windows-machine.ts';
import { type ScriptedRow, scriptedRows } from './windows-scripted.ts';
import { WsmanFault } from './wsman-fault.ts';

export interface ScriptAnswer {
  stdout: string;
  code: number;
}

type Answer = (script: string, machine: WindowsMachine) => ScriptAnswer;

const unquoted = (text: string): string => text.replaceAll(/(['\u2018-\u201b])\1/g, '$1');
const QUOTED = "'((?:[^'\u2018-\u201b]|(['\u2018-\u201b])\\2)*)'";
const lines = (...text: readonly string[]): string => `${text.join('\r\n')}\r\n`;
const done = (stdout: string): ScriptAnswer => ({ stdout, code: 0 });

/** As PowerShell writes a value that was made text. */
function cell(value: CimValue): string | string[] | undefined {
  if (value === null) return undefined;
  if (isCimTime(value)) return String(Math.floor(value.at));
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') return value.map(String);
  return String(value);
}

const toCells = (row: Iterable<readonly [string, CimValue]>) =>
  Object.fromEntries([...row].map(([name, value]) => [name, cell(value)] as const));

type Told = { rows: unknown[] } | { failed: 'denied' | 'unsupported' | 'refused' };

/** 5 and WBEM_E_ACCESS_DENIED are denied; a class or namespace that is not there is unsupported. */
function failureOf(error: unknown): Told {
  if (!(error instanceof WsmanFault)) throw error;
  const { code, detail = '' } = error.shape;
  return { failed: code === 5 || detail.includes('2147749891') ? 'denied' : 'unsupported' };
}

function askCim(body: string, machine: WindowsMachine): Told | undefined {
  const found = new RegExp(`Get-CimInstance -Namespace ${QUOTED} -Query ${QUOTED}`).exec(body);
  if (found === null) return undefined;
  try {
    const { names, rows } = machine.cim.select(unquoted(found[1] ?? ''), unquoted(found[3] ?? ''), machine.sees());
    const told = rows.map((row) => toCells(names.map((name) => [name, row.get(name.toLowerCase()) ?? null] as const)));
    return { rows: told };
  } catch (error) {
    return failureOf(error);
  }
}

const scripted = (rows: readonly ScriptedRow[] | undefined): Told =>
  rows === undefined ? { failed: 'unsupported' } : { rows: rows.map((row) => toCells(Object.entries(row))) };

/** `Ask 'name' @(members) {...}` of the relay's questions, one after the other. */
const questions: Answer = (script, machine) => {
  const nonce = /^\$n = '([0-9a-f]+)'$/m.exec(script)?.[1] ?? '';
  const asked = script.split(/^Ask '/m).slice(1);
  const events: Readonly<Record<string, readonly ScriptedRow[]>> = eventRows(script, machine) ?? {};
  const answers = asked.map((text) => {
    const name = text.slice(0, text.indexOf("'"));
    return [name, askCim(text, machine) ?? scripted(events[name] ?? scriptedRows(name, machine))] as const;
  });
  return done(lines('', `${nonce} begin 1 windows`, JSON.stringify(Object.fromEntries(answers)), `${nonce} end`));
};

const identity: Answer = (script, machine) => {
  const nonce = /^\$n = '([\w-]+)'$/m.exec(script)?.[1] ?? '';
  const { base, name, machineGuid } = machine;
  const macs = base.nics.map(({ mac }) => `mac ${mac.toUpperCase()}`);
  return done(
    lines(
      `${nonce} begin 1`,
      'system Windows',
      `hostname ${name.toLowerCase()}`,
      `smbios-uuid ${base.smbiosUuid.toUpperCase()}`,
      `serial ${base.serial}`,
      `machine-id ${machineGuid}`,
      ...macs,
      `${nonce} end`,
    ),
  );
};

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
/** A path that a script names by `$f=` or `$t=`. */
const pathIn = (script: string, variable: 'f' | 't') => {
  const found = new RegExp(`\\$${variable}=(?:\\[IO\\.Path\\]::GetFullPath\\()?${QUOTED}`).exec(script)?.[1];
  return unquoted(found ?? '').toLowerCase();
};
const NO_FILE = { stdout: '', code: 40 };
const DIFFERS = { stdout: '', code: 43 };

const readPart: Answer = (script, { files }) => {
  const file = files.get(pathIn(script, 'f'));
  if (file === undefined) return NO_FILE;
  const offset = Number(/Seek\((\d+),'Begin'\)/.exec(script)?.[1] ?? 0);
  const size = Number(/New-Object byte\[\] (\d+)/.exec(script)?.[1] ?? 0);
  const part = file.subarray(offset, offset + size);
  return done(`${file.length} ${sha256(file)} ${part.toString('base64')}`);
};

const append: Answer = (script, { files }) => {
  const path = pathIn(script, 't');
  const part = Buffer.from(/FromBase64String\('([A-Za-z0-9+/=]*)'\)/.exec(script)?.[1] ?? '', 'base64');
  const held = files.get(path);
  const offset = Number(/\$s\.Length -ne (\d+)/.exec(script)?.[1] ?? 0);
  if (script.includes("'CreateNew'") ? held !== undefined : held === undefined) return { stdout: '', code: 42 };
  if ((held?.length ?? 0) !== offset) return DIFFERS;
  files.set(path, Buffer.concat([held ?? Buffer.alloc(0), part]));
  return done('');
};

const place: Answer = (script, { files }) => {
  const [from, to] = [pathIn(script, 't'), pathIn(script, 'f')];
  const held = files.get(from);
  if (held === undefined) return NO_FILE;
  files.delete(from);
  if (!script.includes(`-cne '${sha256(held)}'`)) return DIFFERS;
  files.set(to, held);
  return done('');
};

const remove: Answer = (script, { files }) => {
  files.delete(
    unquoted(
      new RegExp(`\\[IO\\.File\\]::Delete\\(\\[IO\\.Path\\]::GetFullPath\\(${QUOTED}`).exec(script)?.[1] ?? '',
    ).toLowerCase(),
  );
  return done('');
};

const KNOWN: ReadonlyArray<readonly [RegExp, Answer]> = [
  [/^# rmm identity windows 1$/m, identity],
  [/^# rmm \w+ windows 1$/m, questions],
  [/\$s\.Read\(\$b,\$got,/, readPart],
  [/FromBase64String\([\s\S]*\$s\.Flush\(\$true\)/, append],
  [/\[IO\.File\]::Replace\(\$t,\$f/, place],
  [/^\[IO\.File\]::Delete\(\[IO\.Path\]::GetFullPath/m, remove],
];

/** Undefined for a script that is none of the relay's. */
export function answerKnown(script: string, machine: WindowsMachine): ScriptAnswer | undefined {
  return KNOWN.find(([shape]) => shape.test(script))?.[1](script, machine);
}
