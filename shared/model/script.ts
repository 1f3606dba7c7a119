// A script of the library: one version with its text, what it is told, what it may read, and what is done before it, after it and against it.
import { z } from 'zod';
import { ScriptId } from '#shared/base/id.ts';
import { plainName } from './plain-name.ts';
import { SCRIPT_PARAMETER_TYPES, SCRIPT_SHELLS } from './script-facts.ts';
import { MAX_SCRIPT_NAME } from './script-series.ts';
import { ScriptValue } from './script-value.ts';
import { VariableName, VariableNames } from './variable-name.ts';

/** As much as an ad-hoc command may have. */
const MAX_TEXT = 65_536;
/** A hook looks, tidies up or takes back; what is longer is a script of its own. */
const MAX_HOOK = 16_384;
/** More than a person fills in. */
const MAX_PARAMETERS = 24;
/** One series each; the relay takes 64 of one run. */
const MAX_READINGS = 32;

const NO_NUL = 'a script holds no NUL byte';
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\0'), NO_NUL);

export const ScriptParameter = z.strictObject({
  /** How the script finds it in its environment. */
  name: VariableName,
  type: z.enum(SCRIPT_PARAMETER_TYPES),
  /** For whoever fills it in. */
  label: z.string().max(120).optional(),
  /** Of a choice, and of nothing else. */
  choices: z.array(ScriptValue.min(1)).min(1).max(32).optional(),
  /** Taken when nobody says; with neither this nor `isOptional` it has to be said. */
  preset: ScriptValue.optional(),
  isOptional: z.literal(true).optional(),
});
export type ScriptParameter = z.infer<typeof ScriptParameter>;

/** A line of its output such as "Queue length: 12" that is a number of its device. */
export const ScriptReading = z.strictObject({
  /** What the line begins with, before a colon or an equals sign. */
  label: z.string().regex(/^[^\p{C}:=]{1,80}$/u, 'a label is one line without a colon or an equals sign'),
  series: z.string().min(1).max(MAX_SCRIPT_NAME),
  unit: z.string().max(16).optional(),
});
export type ScriptReading = z.infer<typeof ScriptReading>;

const distinct = (names: readonly string[]): boolean => new Set(names).size === names.length;

const WHAT = {
  name: plainName(80),
  description: z.string().max(500),
  shell: z.enum(SCRIPT_SHELLS),
  parameters: z.array(ScriptParameter).max(MAX_PARAMETERS),
  /** Sealed variables of the site that it finds in its environment: secrets by name alone. */
  vars: VariableNames.optional(),
  /** Longest run of it and of each hook: seconds. */
  timeoutS: z.int().min(1).max(86_400),
  /** Fails: the script does not begin. */
  before: text(MAX_HOOK).optional(),
  /** Runs when the script has ended, well or not. */
  after: text(MAX_HOOK).optional(),
  /** Runs when the script failed or took too long. */
  rollback: text(MAX_HOOK).optional(),
  readings: z.array(ScriptReading).min(1).max(MAX_READINGS).optional(),
};

/** What is said of a script besides its text: `backup.script.json` beside `backup.sh`. */
export const ScriptSpec = z.strictObject(WHAT).partial();
export type ScriptSpec = z.infer<typeof ScriptSpec>;

export const ScriptVersion = z
  .strictObject({
    v: z.literal(1),
    kind: z.literal('script'),
    id: ScriptId,
    /** Rises by one with each change. */
    version: z.int().min(1).max(9_999),
    text: text(MAX_TEXT),
    ...WHAT,
  })
  .refine(
    ({ parameters, vars = [] }) => distinct([...parameters.map(({ name }) => name), ...vars]),
    'parameters and variables have names of their own',
  )
  .refine(
    ({ parameters }) => parameters.every(({ type, choices }) => (type === 'choice') === (choices !== undefined)),
    'a choice, and nothing else, has choices',
  );
export type ScriptVersion = z.infer<typeof ScriptVersion>;
