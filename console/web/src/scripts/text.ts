// The texts of this room, in the language of the page.
import { catalogue } from '#console/web/src/i18n/catalogue.ts';
import { en } from './text.en.ts';

export const t = catalogue('scripts', en);
