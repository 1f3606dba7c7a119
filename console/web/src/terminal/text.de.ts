// German: a terminal on a device.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  titleOf: 'Terminal auf {device}',
  toDevice: 'Zum Gerät',
  recorded:
    'Was dieses Terminal zeigt, wird am Relais aufgezeichnet, und der Hash der Aufzeichnung steht im Protokoll. Was Sie tippen, wird nicht aufgezeichnet, außer das Gerät zeigt es.',
  open: 'Unterschreiben und Terminal öffnen',
  screen: 'Terminal',
  attaching: 'Wird verbunden …',
  live: 'Verbunden, mit Aufzeichnung',
  cut: 'Die Leitung ist unterbrochen. Es wird eine Minute lang neu versucht, die Shell wartet. Was Sie jetzt tippen, geht verloren.',
  gap: 'etwas von der Ausgabe fehlt',
  end: 'Sitzung beenden',
  notEnded: 'Die Sitzung konnte nicht beendet werden.',
  again: 'Noch eines öffnen',
  readAloud: 'Für Screenreader',
  keys: 'Jede Taste geht an die Shell, auch Tab: {leave} führt heraus. {copy} kopiert, was markiert ist.',
  phoneKeys: 'Tasten, die einem Telefon fehlen',
  pasteTitle: { one: '{count} Zeile einfügen?', other: '{count} Zeilen einfügen?' },
  pasteBody: 'Jede Zeile kann laufen, sobald sie ankommt.',
  paste: 'Einfügen',
  notCopied: 'Es konnte nicht kopiert werden.',
  end_shell: 'Vorbei: {detail}',
  end_shellWith: 'Vorbei: {detail}, mit {code}',
  end_ended: 'Die Sitzung ist vorbei.',
  end_unknown: 'Das Relais hat keine solche Sitzung mehr.',
  end_revoked: 'Sie dürfen hier nicht mehr sein: Die Sitzung wurde beendet.',
  end_forbidden: 'Sie dürfen hier nicht mehr sein oder sind abgemeldet: Die Sitzung endet in einer Minute.',
  end_replaced: 'Diese Sitzung wurde anderswo aufgenommen.',
  end_forged: 'Was geantwortet hat, war nicht das Relais. Ihm wurde nichts mehr gesendet.',
  end_flooded: 'Die Sitzung wurde beendet: Sie hat mehr gesendet, als sie darf.',
  end_lost: 'Die Leitung kam nicht innerhalb einer Minute zurück.',
} satisfies Translation<typeof en>;
