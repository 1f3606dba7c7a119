// What the console found wrong with a form: each word at its field, and the rest in one sentence.
import { faultText, fieldFaults } from '#console/web/src/api/fault.ts';
import { fieldText } from '#console/web/src/api/field-text.ts';

export interface FormFaults {
  /** By the field's name in the form. */
  byField: Readonly<Record<string, string>>;
  /** What belongs to no field of the form; empty when nothing does. */
  rest: string;
}

export const NO_FAULTS: FormFaults = { byField: {}, rest: '' };

/** "contact.email" belongs to a field of that name, else to "contact", as "tags[3]" belongs to "tags". */
function fieldOf(path: string, fields: readonly string[]): string | undefined {
  let name = path;
  while (name !== '' && !fields.includes(name)) name = name.replace(/(?:^|[.[])[^.[]*$/, '');
  return name === '' ? undefined : name;
}

export function faultsOf(error: unknown, fields: readonly string[]): FormFaults {
  const byField: Record<string, string> = {};
  const rest: string[] = [];
  const named = fieldFaults(error);
  for (const { field, message } of named) {
    const name = fieldOf(field, fields);
    if (name === undefined) rest.push(`${field}: ${fieldText(message)}`);
    else byField[name] ??= fieldText(message);
  }
  return { byField, rest: named.length === 0 ? faultText(error) : rest.join(' ') };
}
