// What is wrong with a field, in the language of the page. The console says it in English, in a few forms; others stand as they came.
import { type Language, language } from '#console/web/src/i18n/language.ts';
import { t } from './text.ts';

/** As console/api/field-faults.ts words them. */
const FORMS = [
  [/^must not be empty$/, 'fieldEmpty'],
  [/^is missing$/, 'fieldMissing'],
  [/^must have at most (\d+) characters$/, 'fieldLong'],
  [/^must have at least (\d+) characters$/, 'fieldShort'],
  [/^must have at most (\d+) entries$/, 'fieldMany'],
  [/^must be at most (\S+)$/, 'fieldHigh'],
  [/^must be at least (\S+)$/, 'fieldLow'],
  [/^must be a whole number$/, 'fieldWhole'],
  [/^must be a number$/, 'fieldNumber'],
  [/^must be an e-mail address$/, 'fieldMail'],
  [/^must be an address that begins with http:\/\/ or https:\/\/$/, 'fieldUrl'],
  [/^must be one of (.+)$/s, 'fieldOneOf'],
] as const;

export type FieldWords = { key: (typeof FORMS)[number][1]; value: string };

export function wordsOfField(message: string): FieldWords | undefined {
  for (const [form, key] of FORMS) {
    const found = form.exec(message);
    if (found !== null) return { key, value: found[1] ?? '' };
  }
  return undefined;
}

export function fieldText(message: string, page: Language = language): string {
  const words = page === 'en' ? undefined : wordsOfField(message);
  return words === undefined ? message : t(words.key, { value: words.value });
}
