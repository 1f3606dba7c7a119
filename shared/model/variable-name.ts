// How a variable of a site is named: what an order asks for by name, and what its command finds in its environment.
import { z } from 'zod';

/** Names that shells and loaders read themselves: a value there would change what runs, or end the shell. */
const TAKEN = new Set(
  'PATH HOME IFS ENV BASH_ENV PWD OLDPWD SHELL SHELLOPTS BASHOPTS PPID UID EUID PS1 PS2 PS3 PS4 CDPATH OPTIND OPTARG OPTERR LANG TZ'.split(
    ' ',
  ),
);

export const VariableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'a variable is named with A-Z, 0-9 and _, a letter first; at most 64')
  .refine((name) => !TAKEN.has(name) && !/^(?:LC|LD)_/.test(name), 'a shell reads this name itself: take another');

export type VariableName = z.infer<typeof VariableName>;

/** More than any script asks for; each is looked for in every byte that comes back. */
export const MAX_VARIABLES_OF_ORDER = 16;

export const VariableNames = z
  .array(VariableName)
  .min(1)
  .max(MAX_VARIABLES_OF_ORDER)
  .refine((names) => new Set(names).size === names.length, 'a variable is named twice');
