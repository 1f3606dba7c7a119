// Configuration in one order for both programs: defaults < yaml file < RMM_* variables < flags; every value knows its source.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';

export type ConfigSource = 'default' | 'file' | 'environment' | 'flag';
export interface ConfigValue {
  key: string;
  value: unknown;
  source: ConfigSource;
}
export interface LoadedConfig<T> {
  config: T;
  explain: ConfigValue[];
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** "listen.httpPort" -> "RMM_LISTEN_HTTP_PORT" */
export const variableOf = (key: string): string =>
  `RMM_${key
    .replaceAll('MiB', 'Mib')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`;

interface Leaf {
  key: string;
  isList: boolean;
}

function leavesOf(schema: z.ZodObject, prefix = ''): Leaf[] {
  return Object.entries(schema.shape).flatMap(([name, member]) => {
    const inner = unwrap(member as z.ZodType); // a ZodObject's shape holds zod types
    const key = prefix + name;
    if (inner.def.type === 'object') return leavesOf(inner as z.ZodObject, `${key}.`); // the condition proves it
    return [{ key, isList: inner.def.type === 'array' }];
  });
}

/** The schema inside defaults and optionals. */
function unwrap(schema: z.ZodType): z.ZodType {
  const { innerType } = schema.def as { innerType?: z.ZodType }; // what wraps another schema names it so
  return innerType === undefined ? schema : unwrap(innerType);
}

function get(tree: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((at, part) => (isTree(at) ? at[part] : undefined), tree);
}

function set(tree: Tree, key: string, value: unknown): void {
  const parts = key.split('.');
  const last = parts.pop();
  if (last === undefined) return;
  let at = tree;
  for (const part of parts) {
    const next = isTree(at[part]) ? at[part] : {};
    at[part] = next;
    at = next;
  }
  at[last] = value;
}

function readFile(file: string): Tree {
  try {
    const tree: unknown = parse(readFileSync(file, 'utf8'), { maxAliasCount: 0 });
    if (tree === null || tree === undefined) return {};
    if (!isTree(tree)) throw new AppError('config-invalid', `${file}: the top level is not a map`);
    return tree;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('config-invalid', `${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** A key without a value, or a section whose every line is a comment, is one that was not given. */
function withoutEmpty(tree: Tree): Tree {
  const given = Object.entries(tree).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, isTree(value) ? withoutEmpty(value) : value]));
}

/** Text from the environment becomes the list, number or boolean it spells; schemas say whether that fits. */
function plain(text: string, isList: boolean): unknown {
  if (isList) return text.split(',').map((part) => part.trim());
  if (text === 'true') return true;
  if (text === 'false') return false;
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

export interface ConfigInputs {
  file?: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  /** Values by dotted key; undefined means the flag was not given. */
  flags: Readonly<Record<string, unknown>>;
}

/** Throws `config-invalid` naming the key, its source and what is wrong with it. Unknown keys in the file are errors. */
export function loadConfig<S extends z.ZodObject>(schema: S, inputs: ConfigInputs): LoadedConfig<z.infer<S>> {
  const fromFile = inputs.file === undefined ? {} : withoutEmpty(readFile(inputs.file));
  const merged: Tree = structuredClone(fromFile);
  const sources = new Map<string, ConfigSource>();
  const leaves = leavesOf(schema);
  for (const { key, isList } of leaves) {
    if (get(fromFile, key) !== undefined) sources.set(key, 'file');
    const text = inputs.environment[variableOf(key)];
    if (text !== undefined) {
      set(merged, key, plain(text, isList));
      sources.set(key, 'environment');
    }
    if (inputs.flags[key] !== undefined) {
      set(merged, key, inputs.flags[key]);
      sources.set(key, 'flag');
    }
  }
  const parsed = schema.safeParse(merged);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = issue?.path.join('.') ?? '';
    const source = sources.get(key) ?? (inputs.file === undefined ? 'default' : inputs.file);
    throw new AppError(
      'config-invalid',
      `configuration ${key === '' ? '' : `"${key}" `}(${source}): ${issue?.message ?? 'invalid'}`,
    );
  }
  return {
    config: parsed.data,
    explain: leaves.map(({ key }) => ({ key, value: get(parsed.data, key), source: sources.get(key) ?? 'default' })),
  };
}
