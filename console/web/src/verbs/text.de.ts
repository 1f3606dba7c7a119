// German: what one can do, and the words people type for it.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  verbTag: 'Schlagwörter ändern',
  wordsTag: 'schlagwort, schlagwörter, tag, markieren',
  verbGroup: 'Gruppe ändern',
  wordsGroup: 'gruppe, gruppieren, verschieben',
  verbRun: 'Befehl ausführen',
  wordsRun: 'ausführen, befehl, kommando, auftrag, run',
  tooManyForOrder: {
    one: 'Eine Seite beauftragt höchstens {count} Gerät. Die Kommandozeile nimmt mehr.',
    other: 'Eine Seite beauftragt höchstens {count} Geräte. Die Kommandozeile nimmt mehr.',
  },
  verbExport: 'Exportieren',
  wordsExport: 'exportieren, herunterladen, csv, xlsx, json',
  verbForget: 'Vergessen',
  wordsForget: 'vergessen, entfernen, löschen',
  verbStanding: 'Dauerauftrag anlegen',
  wordsStanding: 'dauerauftrag, automatisch, zeitplan, anlass, nächtlich',
  verbAddDevice: 'Gerät hinzufügen',
  verbImport: 'Liste importieren',
  wordsImport: 'importieren, hochladen, csv, xlsx, json',
  verbAddSite: 'Standort anlegen',
  verbAddCustomer: 'Kunde anlegen',
  verbAddGroup: 'Gruppe anlegen',
  wordsAdd: 'hinzufügen, neu, anlegen, erstellen',
  verbEnrol: 'Relais anmelden',
  wordsEnrol: 'relais, anmelden, token',
  verbTags: 'Schlagwörter umbenennen oder entfernen',
  wordsTags: 'schlagwörter, umbenennen',
  verbInvite: 'Anmeldelink erzeugen',
  wordsInvite: 'einladen, link, anmeldelink',
  verbInvitePerson: 'Jemanden einladen',
  wordsInvitePerson: 'einladen, person, benutzer, hinzufügen',
  verbToken: 'API-Token erzeugen',
  wordsToken: 'token, api, schlüssel',
  verbVerify: 'Protokoll prüfen',
  wordsVerify: 'protokoll, audit, prüfen, beweis',
  verbSignOut: 'Abmelden',
  wordsSignOut: 'abmelden, ausloggen, verlassen',

  selection: 'Auswahl',
  selected: { one: '{count} Gerät ausgewählt', other: '{count} Geräte ausgewählt' },
  clear: 'Auswahl aufheben',

  ofOne: '{verb}: {device}',
  ofMany: { one: '{verb}: {count} Gerät', other: '{verb}: {count} Geräte' },
  forget: 'Vergessen',
  forgetOne:
    'Die Konsole vergisst {device} samt Inventar und Ereignissen, und sein Relais fragt es nicht mehr ab. Am Gerät selbst ändert sich nichts.',
  forgetMany:
    'Die Konsole vergisst diese Geräte samt Inventar und Ereignissen, und ihre Relais fragen sie nicht mehr ab. An den Geräten selbst ändert sich nichts.',
  forgotten: { one: '{count} Gerät vergessen', other: '{count} Geräte vergessen' },

  tagHint: 'Buchstaben, Ziffern, Punkt, Strich, Schrägstrich und Unterstrich',
  newTag: 'Neues Schlagwort',
  tagWrong:
    'Ein Schlagwort hat höchstens 40 Buchstaben, Ziffern, Punkte, Striche, Schräg- und Unterstriche und beginnt mit einem Buchstaben oder einer Ziffer.',
  noTags: 'Noch gibt es kein Schlagwort.',
  apply: 'Übernehmen',
  hidden: { one: '{count} davon ist ausgefiltert', other: '{count} davon sind ausgefiltert' },
  addTag: 'Anbringen',
  tagged: { one: '{count} Gerät geändert', other: '{count} Geräte geändert' },

  groupHint: 'Gruppen mit Mitgliedern von Hand. Eine Gruppe mit Regel findet ihre Mitglieder selbst.',
  noGroups: 'Es gibt noch keine Gruppe mit Mitgliedern von Hand.',
  membersChanged: { one: '{count} Mitglied geändert', other: '{count} Mitglieder geändert' },

  format: 'Format',
  exportHint: 'Die Datei lässt sich wieder importieren.',
  exportTooMany: {
    one: 'Mehr als {count} ausgewählte Geräte passen nicht in eine Anfrage: Grenzen Sie den Filter ein und exportieren Sie, was er zeigt.',
    other:
      'Mehr als {count} ausgewählte Geräte passen nicht in eine Anfrage: Grenzen Sie den Filter ein und exportieren Sie, was er zeigt.',
  },
  download: 'Herunterladen',

  inviteNote: 'Wer den Link zuerst öffnet, ist als Sie angemeldet. Er gilt einmal, bis {time}.',
  inviteLink: 'Anmeldelink',
  makeLink: 'Link erzeugen',
  inviteAsk: 'Einen Link erzeugen, der einen anderen Browser als Sie anmeldet?',
  close: 'Schließen',
} satisfies Translation<typeof en>;
