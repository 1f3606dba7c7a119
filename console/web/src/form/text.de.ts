// German: fields that several pages share.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  cancel: 'Abbrechen',
  tagsHint: 'Eingabetaste oder Komma fügt eines hinzu',
  tagWrong:
    'Kein Schlagwort: {word}. Erlaubt sind Buchstaben, Ziffern, Punkt, Strich, Schräg- und Unterstrich, höchstens 40 Zeichen.',
  interval: 'Abfrage alle',
} satisfies Translation<typeof en>;
