// German: the words that the components themselves say.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  tryAgain: 'Erneut versuchen',
  never: 'nie',
  now: 'jetzt',
  agoStale: 'vor {age}, veraltet',
  lastPolled: 'Zuletzt abgefragt {time}; erwartet alle {interval}',
  simulated: 'simuliert',
  statusUp: 'Erreichbar',
  statusDown: 'Ausgefallen',
  statusUnknown: 'Unbekannt',
  statusAway: 'Abwesend',
  statusChanged: 'Identität geändert',
  close: 'Schließen',
  cancel: 'Abbrechen',
  typeToConfirm: 'Zur Bestätigung {word} eingeben',
  notes: 'Meldungen',
  undo: 'Rückgängig',
  dismiss: 'Ausblenden',
  removeTag: '{tag} entfernen',
  copy: 'Kopieren: {what}',
  copied: 'Kopiert',
  copyByKeys: 'Markiert. Kopieren Sie es mit der Tastatur.',
  nothingFound: 'Nichts gefunden',
  searching: 'Suche läuft',
  clear: 'Leeren',
  chooseFrom: 'Aus der Liste wählen',
} satisfies Translation<typeof en>;
