// German: signing with passkeys, why it is not possible somewhere, and who may sign what.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  obstacleInsecure:
    'Passkeys brauchen eine verschlüsselte Seite, und diese kam über einfaches HTTP. Öffnen Sie die Konsole als http://localhost oder unter einem DNS-Namen mit vertrauenswürdigem Zertifikat.',
  obstacleAddress:
    'Passkeys brauchen einen Namen, und diese Seite wurde unter einer bloßen Adresse geöffnet. Öffnen Sie die Konsole als http://localhost oder unter einem DNS-Namen mit vertrauenswürdigem Zertifikat.',
  obstacleBrowser: 'Dieser Browser kennt keine Passkeys.',
  noPasskeyHere: 'Kein Passkey, den die Charta nennt, lässt sich auf dieser Seite benutzen.',
  otherPasskey: 'Der Browser antwortete mit einem Passkey, den die Charta nicht nennt.',
  notSigned:
    'Es wurde nichts unterschrieben: Es wurde abgebrochen, es dauerte zu lange, der Passkey konnte Sie nicht prüfen, oder der Browser vertraut dem Zertifikat der Konsole nicht.',
  notMade:
    'Es wurde kein Passkey angelegt: Es wurde abgebrochen, es dauerte zu lange, das Gerät kann Sie nicht prüfen, oder der Browser vertraut dem Zertifikat der Konsole nicht.',
  alreadyMade: 'Dieses Gerät hat für diese Konsole schon einen Passkey.',
  ruleFault: 'Nicht unterschrieben: {why}.',

  signersTitle: 'Signaturschlüssel',
  signersIntro:
    'Relais führen nur aus, was Schlüssel aus der Charta ihres Standorts unterschrieben haben. Eine Charta ändern nur ihre Eigentümer, und nie auf dieser Seite.',
  sitesNotRead: 'Die Standorte konnten nicht gelesen werden.',
  reading: 'Wird gelesen',
  moreSites: {
    one: '{count} weiterer Standort: Wählen Sie oben einen Kunden oder Standort.',
    other: '{count} weitere Standorte: Wählen Sie oben einen Kunden oder Standort.',
  },
  noCharter: 'Dieser Standort hat keine Charta: Niemand kann dort etwas beauftragen.',
  charterNotRead: 'Die Charta konnte nicht gelesen werden.',

  profile_solo:
    'Solo: Für alles genügt eine Person, und ein spontaner Auftrag wartet einen Moment, in dem er angehalten werden kann.',
  profile_team:
    'Team: Was nicht vorher geprüft wurde, braucht zwei Personen, und eine davon unterschreibt mit der Kommandozeile.',
  profile_strict:
    'Streng: Was einen Zugang öffnet oder nicht vorher geprüft wurde, braucht zwei Personen, die außerhalb dieser Konsole unterschreiben.',
  version: 'Version',
  owners: 'Eigentümer, die sie ändern',
  ownersOf: '{quorum} von {all}',
  perOrder: 'Höchstens in einem Auftrag eines Relais',
  perTenMinutes: 'Höchstens in zehn Minuten an einem Relais',
  devices: { one: '{count} Gerät', other: '{count} Geräte' },
  longestRun: 'Längste Laufzeit',
  networks: 'Netze des Standorts',
  noNetworks: 'Keine sind genannt',
  tiers: 'Was ein Auftrag braucht',
  tier_t1: 'Was sich rückgängig machen lässt',
  tier_t2: 'Was vorher geprüft wurde oder einen Zugang öffnet',
  tier_t3: 'Spontan: Befehle, die für den Anlass getippt werden',
  people: { one: '{count} Person unterschreibt', other: '{count} verschiedene Personen unterschreiben' },
  rendered: {
    one: 'darunter {count} Unterschrift der Kommandozeile',
    other: 'darunter {count} Unterschriften der Kommandozeile',
  },
  reach: 'höchstens {batch} Geräte, und {minutes} in zehn Minuten an jedem Relais',
  stoppable: 'kann {time} lang vor dem Start angehalten werden',
  maySign: 'Wer unterschreiben darf',
  kindPasskey: 'Passkey',
  kindCommandLine: 'Kommandozeile',
  role_technician: 'Darf beauftragen',
  role_approver: 'Darf freigeben',
  role_guardian: 'Darf nur einfrieren',
  mayFreeze: 'Darf einfrieren',
  heldBy: 'Gehört {person}.',
  onPages: 'Unterschreibt auf {pages}.',
  expiresAt: 'Gültig bis {date}, {ago}.',
  expiredAt: 'Sie endete am {date}, {ago}.',
  expiry_soon: 'Sie endet bald.',
  expiry_near: 'Sie endet in weniger als zwei Wochen.',
  expiry_last: 'Sie endet in weniger als drei Tagen.',
  expiry_over: 'Sie ist abgelaufen: Der Standort nimmt keine Aufträge an.',
  expiryAdvice: 'Ihre Eigentümer müssen eine neue unterschreiben.',

  yourPasskey: 'Ein eigener Passkey',
  makeIntro:
    'Angelegt von diesem Gerät oder Ihrem Telefon, mit Finger, Gesicht oder Code. Er zählt, sobald ein Eigentümer ihn in eine Charta aufgenommen hat.',
  instead: 'Stattdessen unterschreibt ein Schlüssel der Kommandozeile:',
  commandForKey: 'Befehl, der einen Signaturschlüssel anlegt',
  person: 'Wer Sie sind',
  personHint: 'Der Name in der Charta. Zwei Schlüssel einer Person zählen einmal. Ohne Angabe: {name}',
  keyName: 'Name dieses Passkeys',
  keyNameHint: 'Zum Beispiel: Annas Telefon',
  keyOf: 'Passkey von {person}',
  makePasskey: 'Passkey anlegen',
  waitsForOwner:
    'Er wartet auf einen Eigentümer des Standorts. Schicken Sie ihm diesen Befehl; er enthält nichts Geheimes.',
  isNamed: 'Eine Charta nennt ihn: Sie können damit unterschreiben.',
  commandForOwner: 'Befehl für den Eigentümer',
  compare:
    'Das Terminal des Eigentümers zeigt einen Fingerabdruck. Lesen Sie ihm Ihren vor; sind sie verschieden, ist es nicht Ihr Passkey:',
  hide: 'Ausblenden',
  dropKey: 'Hier vergessen',
} satisfies Translation<typeof en>;
