// The texts of one room in the language of the page: typed keys, typed placeholders, looked up when they are shown.
import type { ReactNode } from 'react';
import { language } from './language.ts';
import { type Params, plainText, richText, type Texts, type Values } from './message.ts';

interface Catalogue<En extends Texts> {
  <Key extends keyof En & string>(key: Key, ...params: Params<En[Key]>): string;
  /** The same with elements as values: `t.rich('madeBy', { person: <b>Ada</b> })`. */
  rich<Key extends keyof En & string>(key: Key, ...params: Params<En[Key], ReactNode>): ReactNode;
}

let translations: Readonly<Record<string, Texts>> = {};

/** Loads what the page's language needs, before anything is shown; English is in the code and costs nothing. */
export async function loadLanguage(): Promise<void> {
  document.documentElement.lang = language;
  if (language === 'de') translations = (await import('./german.ts')).german;
}

/**
 * `const t = catalogue('fleet', en)` in `fleet/text.ts`; `room` is the folder's path below src.
 * Call `t` while rendering: a text that a module looks up while it is loaded stays English.
 */
export function catalogue<const En extends Texts>(room: string, en: En): Catalogue<En> {
  // A key that the translation lacks cannot pass the compiler; English stands in while a page is older than its chunk.
  const messageOf = (key: string) => translations[room]?.[key] ?? en[key] ?? key;
  const t = (key: string, values: Values = {}) => plainText(messageOf(key), values, language);
  const rich = (key: string, values: Values = {}) => richText(messageOf(key), values, language);
  // The signature narrows what the two take; they themselves work on any key.
  return Object.assign(t, { rich }) as Catalogue<En>;
}
