// Reads a script, its hooks and what is said of it from files and options of the command line.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { ScriptSpec } from '#shared/model/script.ts';
import type { ScriptFile } from '#shared/seal/script-draft.ts';

export interface FileOptions {
  name?: string;
  shell?: string;
  spec?: string;
  description?: string;
  timeout?: number;
  param?: string[];
  var?: string[];
  reading?: string[];
  before?: string;
  after?: string;
  rollback?: string;
}

/** Far more than a script may have: what is larger is no script. */
const MAX_BYTES = 1024 * 1024;

function read(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new AppError('not-found', `${file}: cannot be read`, { cause });
  }
  if (bytes.length > MAX_BYTES) throw new AppError('too-large', `${file}: more than ${MAX_BYTES} bytes`);
  return bytes.toString('utf8');
}

function specIn(file: string | undefined): unknown {
  if (file === undefined) return {};
  try {
    return JSON.parse(read(file));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('bad-request', `${file}: is no JSON`, { cause });
  }
}

/** "KEEP=number", "MODE=choice:fast,safe". */
function parameterFrom(word: string): object {
  const [, name, type, choices] = /^([^=]+)=([a-z]+)(?::(.*))?$/.exec(word) ?? [];
  if (name === undefined) throw new AppError('bad-request', `--param ${word}: expected NAME=type`);
  return { name, type, ...(choices === undefined ? {} : { choices: choices.split(',') }) };
}

/** "Queue length=queue.depth", with a unit behind a blank. */
function readingFrom(word: string): object {
  const at = word.lastIndexOf('=');
  const [series = '', unit] = word.slice(at + 1).split(' ');
  if (at < 1) throw new AppError('bad-request', `--reading ${word}: expected 'label=series unit'`);
  return { label: word.slice(0, at), series, ...(unit === undefined ? {} : { unit }) };
}

/** What the options say goes before what the spec says; what neither says stays as `former` has it. */
export function scriptFile(file: string, options: FileOptions, former: ScriptSpec): ScriptFile {
  const { name, shell, spec, description, timeout, param, var: vars, reading, before, after, rollback } = options;
  const said = {
    ...{ name, shell, description, timeoutS: timeout, vars },
    parameters: param?.map(parameterFrom),
    readings: reading?.map(readingFrom),
    ...{ before: before && read(before), after: after && read(after), rollback: rollback && read(rollback) },
  };
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const parsed = ScriptSpec.safeParse({ ...former, ...Object(specIn(spec)), ...given });
  if (!parsed.success) throw new AppError('bad-request', z.prettifyError(parsed.error));
  return { file: path.basename(file), text: read(file), spec: parsed.data };
}
