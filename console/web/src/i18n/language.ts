// Which language the console speaks: the stored choice, else the browser's wish if it is one of ours, else English.
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';

/** Each named in itself, so that one who reads no other finds it. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const SETTING = 'rmm-language';
/** British English: day before month and 24 hours, as at every site outside of America. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

const isOurs = (name: string): name is Language => name in LANGUAGES;

/** `wished` is the browser's list, such as ["de-AT", "en"]: the first of it that is ours. */
export function languageOf(stored: string | null, wished: readonly string[]): Language {
  if (stored !== null && isOurs(stored)) return stored;
  return wished.map((tag) => tag.slice(0, 2).toLowerCase()).find(isOurs) ?? 'en';
}

/** Fixed for the life of a page. Tests outside a browser read English. */
export const language: Language =
  typeof document === 'undefined' ? 'en' : languageOf(readStored(SETTING), navigator.languages);

export const localeOf = (of: Language): string => LOCALES[of];
export const locale: string = localeOf(language);

/** Takes another language and loads the page anew: no text needs to know that it can change. */
export function chooseLanguage(choice: Language): void {
  writeStored(SETTING, choice);
  location.reload();
}
