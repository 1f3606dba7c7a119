// German: the library of scripts.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  title: 'Skripte',
  intro:
    'Fassungen, wie Menschen sie unterschrieben haben. Von so vielen geprüft, wie ein freier Auftrag braucht, läuft ein Skript wie jede bekannte Aktion. Die Kommandozeile legt sie an, prüft sie und führt sie aus: rmm script.',
  notRead: 'Die Bibliothek konnte nicht gelesen werden',
  reading: 'Die Bibliothek wird gelesen',
  noneYet: 'Noch kein Skript',
  noneYetBody: 'Auf der eigenen Maschine unterschreiben: rmm script add backup.sh',
  version: 'Fassung {version}',
  withShell: 'mit {shell}',
  signedBy: 'Unterschrieben von {names}',
  unsigned: 'Niemand hat es unterschrieben',
  gone: 'ein Schlüssel, den keine Charta nennt',
  from: 'Aus {origin}',
  hash: 'Hash {hash}',
  versions: 'Fassungen',
  changed: 'Was sich seit Fassung {version} geändert hat',
  sameText: 'Die Texte sind gleich; etwas daneben hat sich geändert.',
  partText: 'Das Skript',
  partBefore: 'Davor',
  partAfter: 'Danach',
  partRollback: 'Wenn es scheitert',
  parameters: 'Was ihm gesagt wird',
  variables: 'Variablen, die es liest: {names}',
  leftOut: 'Zeilen, die gleich blieben, sind ausgelassen.',
} as const satisfies Translation<typeof en>;
