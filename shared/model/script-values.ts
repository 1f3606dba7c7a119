// What a script is told: whether values fit the parameters of a version, and the environment they make. Values are data, never text of the script.
import { LogName, ProcessName, ServiceName, UserName } from './actions/parameter-types.ts';
import type { ScriptParameter, ScriptVersion } from './script.ts';

/** Of all values together: what one process may be started with is 128 KiB a word on Linux and 32,767 signs on Windows. */
const MAX_TOGETHER = 16_384;

/** One line, and nothing that hides. */
const LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;
const NUMBER = /^-?\d{1,15}(?:\.\d{1,9})?$/;
/**
 * cmd puts a value into the line before it reads the line, so that a value with & | < > ^ % ! " ( ) would be code. There is no
 * quoting that holds everywhere, so these signs are refused.
 */
const CMD_SAFE = /^[^&|<>^%!"()]*$/;

const FORMS: Readonly<
  Record<ScriptParameter['type'], (value: string, parameter: ScriptParameter) => string | undefined>
> = {
  text: (value) => (LINE.test(value) ? undefined : 'is one line of text'),
  path: (value) => (value !== '' && LINE.test(value) ? undefined : 'is a path'),
  number: (value) => (NUMBER.test(value) ? undefined : 'is a number in decimal digits'),
  flag: (value) => (value === 'true' || value === 'false' ? undefined : 'is true or false'),
  choice: (value, { choices = [] }) => (choices.includes(value) ? undefined : `is one of ${choices.join(', ')}`),
  service: (value) => (ServiceName.safeParse(value).success ? undefined : 'is the name of a service'),
  process: (value) => (ProcessName.safeParse(value).success ? undefined : 'is the name of a process'),
  user: (value) => (UserName.safeParse(value).success ? undefined : 'is the name of a user'),
  log: (value) => (LogName.safeParse(value).success ? undefined : 'is the name of a log'),
};

export type ScriptEnvironment = { ok: true; values: ReadonlyMap<string, string> } | { ok: false; detail: string };

const refused = (detail: string): ScriptEnvironment => ({ ok: false, detail });

/** Every parameter by its name: as it was given, as it is preset, or empty where it may be left out. */
export function scriptEnvironment(
  { parameters, shell }: Pick<ScriptVersion, 'parameters' | 'shell'>,
  given: Readonly<Record<string, string>>,
): ScriptEnvironment {
  const unknown = Object.keys(given).find((name) => !parameters.some((one) => one.name === name));
  if (unknown !== undefined) return refused(`${unknown.slice(0, 64)}: the script has no such parameter`);
  const values = new Map<string, string>();
  for (const parameter of parameters) {
    const { name, preset, isOptional } = parameter;
    const value = Object.hasOwn(given, name) ? given[name] : preset;
    if (value === undefined && isOptional !== true) return refused(`${name}: is missing`);
    const wrong = value === undefined ? undefined : FORMS[parameter.type](value, parameter);
    if (wrong !== undefined) return refused(`${name}: ${wrong}`);
    if (shell === 'cmd' && !CMD_SAFE.test(value ?? ''))
      return refused(`${name}: a script of cmd is told nothing with & | < > ^ % ! " ( or )`);
    values.set(name, value ?? '');
  }
  if ([...values.values()].join('').length > MAX_TOGETHER)
    return refused(`more than ${MAX_TOGETHER} characters in all`);
  return { ok: true, values };
}
