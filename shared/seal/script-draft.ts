// Makes a version of a script from a file and what stands beside it: for the command line, the pages and what comes from a repository.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { ScriptId } from '#shared/base/id.ts';
import { type ScriptSpec, ScriptVersion } from '#shared/model/script.ts';
import { isWindowsShell, type ScriptShell } from '#shared/model/script-facts.ts';

/** 5 min: longer than what most scripts take, short enough that one that hangs is noticed. */
const TIMEOUT_S = 300;

const ENDINGS: ReadonlyArray<readonly [ending: string, shell: ScriptShell]> = [
  ['.sh', 'sh'],
  ['.bash', 'bash'],
  ['.py', 'python3'],
  ['.ps1', 'powershell'],
  ['.cmd', 'cmd'],
  ['.bat', 'cmd'],
];

const endingOf = (file: string) => ENDINGS.find(([ending]) => file.toLowerCase().endsWith(ending));

/** By the first line where it names one, else by the ending; undefined for a file that is no script. */
export function shellOf(file: string, text: string): ScriptShell | undefined {
  const program = /^#!.*?([a-z0-9.]+)\s*$/m.exec(text.split('\n', 1)[0] ?? '')?.[1];
  if (program === 'bash') return 'bash';
  if (program?.startsWith('python') === true) return 'python3';
  if (program === 'sh') return 'sh';
  return endingOf(file)?.[1];
}

/** "net/restart-dns.sh" is called "net/restart-dns". */
export const scriptName = (file: string): string => file.slice(0, file.length - (endingOf(file)?.[0].length ?? 0));

/** Shells of POSIX read a carriage return as part of a word. */
const textFor = (shell: ScriptShell, text: string): string =>
  isWindowsShell(shell) ? text : text.replaceAll('\r\n', '\n');

export interface ScriptFile {
  /** Its name, for the shell and where the spec names none. */
  file: string;
  text: string;
  spec: ScriptSpec;
}

/** Throws `bad-request` with the first thing that is wrong. */
export function draftScript({ file, text, spec }: ScriptFile, place: { id: ScriptId; version: number }): ScriptVersion {
  const shell = spec.shell ?? shellOf(file, text);
  if (shell === undefined)
    throw new AppError(
      'bad-request',
      `${file}: say its shell; known are ${ENDINGS.map(([ending]) => ending).join(' ')}`,
    );
  const draft = ScriptVersion.safeParse({
    ...{ v: 1, kind: 'script', ...place, name: scriptName(file), description: '', parameters: [], timeoutS: TIMEOUT_S },
    ...Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)),
    ...{ shell, text: textFor(shell, text) },
  });
  if (draft.success) return draft.data;
  throw new AppError('bad-request', `${file}: ${z.prettifyError(draft.error)}`);
}

/** What a version says besides its text and its place: the next one says the same unless told otherwise. */
export function specOf(version: ScriptVersion): ScriptSpec {
  const { v: _v, kind: _kind, id: _id, version: _version, text: _text, ...spec } = version;
  return spec;
}

/** Whether two versions would do the same: a sync that brings nothing new makes no version. */
export const isSameScript = (a: ScriptVersion, b: ScriptVersion): boolean =>
  JSON.stringify({ ...a, version: 0, id: '' }) === JSON.stringify({ ...b, version: 0, id: '' });
