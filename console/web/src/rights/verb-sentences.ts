// What each verb lets one do, in one sentence of the page's language.

import { en } from './verbs/text.en.ts';
import { t } from './verbs/text.ts';

const isKnown = (verb: string): verb is keyof typeof en => Object.hasOwn(en, verb);

/** A console of a later release may have more: `otherwise` is what it says of it itself. */
export const sentenceOfVerb = (verb: string, otherwise = ''): string => (isKnown(verb) ? t(verb) : otherwise);
