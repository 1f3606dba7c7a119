// German: fields that several pages share.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  cancel: 'Abbrechen',
  tagsHint: 'Eingabetaste oder Komma fügt eines hinzu',
  tagWrong:
    'Kein Schlagwort: {word}. Erlaubt sind Buchstaben, Ziffern, Punkt, Strich, Schräg- und Unterstrich, höchstens 40 Zeichen.',
  interval: 'Abfrage alle',
  port: 'Port',
  portWinrm: 'Leer: das Relais beginnt mit 5986 (TLS), dann 5985 mit Kerberos',
  portSmb: 'Leer: 445',
  credential: 'Zugang',
  credentialHint: 'Sein Name auf dem Relais; das Geheimnis selbst verlässt es nie',
  spn: 'Dienstprinzipal',
  spnHint: 'Für Kerberos, etwa HTTP/fs-1.example.test; leer: HTTP/ und die Adresse',
  realm: 'Realm',
  realmHint: 'Für Kerberos, etwa EXAMPLE.TEST, wenn er in der Konfiguration des Relais steht; leer: der des Zugangs',
  share: 'Freigabe',
  shareHint: 'Wo Aufträge hinterlegt und Antworten gefunden werden, etwa rmm$',
} satisfies Translation<typeof en>;
