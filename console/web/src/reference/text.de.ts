// German: the reference of the API.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  title: 'API',
  intro: 'Alles, was diese Seiten tun, geht durch diese API, mit denselben Rechten.',
  reading: 'Die Beschreibung der API wird gelesen',
  notRead: 'Die Beschreibung der API konnte nicht gelesen werden.',
  document: 'OpenAPI-3.1-Dokument',
  filter: 'Operationen filtern',
  filterHint: 'Nach Pfad, Beschreibung, Thema oder Recht',
  count: { one: '{count} Operation', other: '{count} Operationen' },
  nothingFits: 'Keine Operation passt.',
  basics: 'So fragt man',
  address: 'Adresse',
  token: 'Token',
  tokenBody:
    'Eine Anfrage trägt ein API-Token in einem Header. Der Rechner dieser Konsole hat eines in seinem Datenordner.',
  errors: 'Fehler',
  errorsBody:
    'Ein Fehler ist application/problem+json nach RFC 9457: ein fester Typ, ein Titel, worum es geht, und bei falscher Eingabe jedes Feld mit dem, was daran falsch ist.',
  paging: 'Lange Listen',
  pagingBody:
    'Eine Liste antwortet mit einer Seite und nextCursor. Senden Sie ihn als cursor zurück, bis er null ist; Zeilen, die sich nicht bewegt haben, kommen genau einmal.',
  repeat: 'Noch einmal senden',
  repeatBody:
    'Ein POST mit dem Header Idempotency-Key wird einmal ausgeführt, wie oft er innerhalb von 24 Stunden auch ankommt.',
  permission: 'Recht',
  dangerous: 'erreicht Geräte oder entfernt Daten',
  parameters: 'Parameter',
  body: 'Inhalt',
  answer: 'Antwort',
  field: 'Feld',
  type: 'Typ',
  place: 'Wo',
  limits: 'Grenzen',
  optional: 'optional',
  copyExample: 'Beispiel',
} satisfies Translation<typeof en>;
