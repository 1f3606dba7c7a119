// German: why the console did not answer.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  tooLong: 'Die Konsole hat zu lange nicht geantwortet.',
  silent: 'Die Konsole antwortet nicht. Vielleicht startet sie gerade, oder dieser Rechner ist offline.',
  saidByConsole: '{what}. Die Konsole meldet (englisch): {said}',
  badRequest: 'Die Eingabe passt nicht',
  notFound: 'Nicht gefunden',
  conflict: 'Das geht so nicht, weil es schon anders ist',
  denied: 'Dazu fehlt das Recht',
  unauthenticated: 'Nicht angemeldet',
  tooLarge: 'Zu groß',
  rateLimited: 'Zu viele Anfragen in kurzer Zeit',
  timedOut: 'Es hat zu lange gedauert',
  unavailable: 'Gerade nicht verfügbar',
  signatureMissing: 'Es fehlt eine Unterschrift',
  signatureInvalid: 'Die Unterschrift gilt nicht',
  charterExpired: 'Die Charta ist abgelaufen',
  capExceeded: 'Mehr, als die Charta erlaubt',
  frozen: 'Der Standort ist eingefroren',
  internal: 'Ein Fehler der Konsole',
  refused: 'Abgelehnt',
} satisfies Translation<typeof en>;
