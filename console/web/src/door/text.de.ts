// German: the door, the first set-up, and being asked who one is once more.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  signIn: 'Anmelden',
  signingIn: 'Anmeldung läuft …',
  withPasskey: 'Mit Passkey anmelden',
  withProvider: 'Mit {label} anmelden',
  orPassword: 'oder mit Name, Passwort und Code',
  name: 'Name',
  password: 'Passwort',
  code: 'Code',
  codeHint: 'Sechs Ziffern Ihrer Authenticator-App oder ein Wiederherstellungscode',
  refused:
    'Niemand wurde angemeldet: Name, Passwort oder Code passen nicht, oder diese Person darf sich gerade nicht anmelden. Nach mehreren falschen Angaben müssen auch die richtigen eine Weile warten.',
  passkeyRefused:
    'Niemand wurde angemeldet: Diese Konsole kennt den Passkey nicht, oder seine Person darf sich gerade nicht anmelden.',
  passkeyNotUsed:
    'Kein Passkey wurde benutzt: Es wurde abgebrochen, es hat zu lange gedauert, dieses Gerät hat keinen für diese Konsole, oder es konnte Sie nicht erkennen.',
  passkeyNotMade:
    'Kein Passkey wurde erzeugt: Es wurde abgebrochen, es hat zu lange gedauert, das Gerät kann Sie nicht erkennen, oder der Browser vertraut dem Zertifikat der Konsole nicht.',
  passkeyMadeBefore: 'Dieses Gerät hat schon einen Passkey von Ihnen für diese Konsole.',
  providerDenied:
    'Niemand wurde angemeldet: Diese Konsole hat keine Person oder keine Rolle für Sie, oder die Anmeldung begann anderswo oder vor zu langer Zeit. Beginnen Sie neu; geschieht es wieder, steht der Grund im Log der Konsole.',
  providerFailed:
    'Niemand wurde angemeldet: Der Identitätsanbieter hat nicht geantwortet, wie er soll. Versuchen Sie es noch einmal; geschieht es wieder, steht der Grund im Log der Konsole.',
  cannotSignIn: 'Sie können sich nicht anmelden?',
  locked:
    'Nach mehreren falschen Angaben wartet diese Konsole, bevor sie die nächste ansieht: erst eine Minute, dann länger.',
  lostPhone: 'Ein Wiederherstellungscode ersetzt den Code der App, jeder ein Mal.',
  lostAll:
    'Wer sich hier um Personen kümmert, kann Sie neu einladen: Der Link meldet Sie ein Mal an, und Sie richten alles neu ein.',
  byMachine: 'Am Rechner der Konsole erzeugt dies einen Einmal-Link für ihren Eigentümer:',
  signInCommand: 'Befehl für einen neuen Link',

  setUpTitle: 'Ihre Anmeldung einrichten',
  setUpIntro:
    'Willkommen, {name}. Ihr Link galt dieses eine Mal. Beim nächsten Mal weisen Sie sich mit etwas Eigenem aus; bis es steht, öffnet sich sonst nichts.',
  setUpPasskey: 'Ein Passkey',
  setUpPasskeyBody:
    'Ihr Gerät oder Ihr Telefon weist Sie aus, mit Finger, Gesicht oder Code. Nichts wird getippt, und bei dieser Konsole lässt sich nichts stehlen.',
  setUpPassword: 'Ein Passwort und eine Authenticator-App',
  setUpPasswordBody: 'Wo kein Passkey geht. Sie tippen das Passwort und die sechs Ziffern einer App auf Ihrem Telefon.',
  choosePassword: 'Passwort einrichten',
  passkeyName: 'Name dieses Passkeys',
  passkeyNameHint: 'Damit Sie ihn wiedererkennen, etwa: Laptop, Telefon',
  usualName: 'mein Passkey',
  makePasskey: 'Passkey erzeugen',
  done: 'Fertig',
  goOn: 'Weiter',
  back: 'Zurück',
  cancel: 'Abbrechen',
  step: 'Schritt {step} von {of}',
  allSet: 'Alles ist eingerichtet. Ab jetzt melden Sie sich mit dem an, was Sie gerade angelegt haben.',
  toConsole: 'Zur Konsole',
  startAnew: 'Abmelden',

  newPassword: 'Neues Passwort',
  newPasswordHint: 'Mindestens {count} Zeichen; mehrere Wörter sind gut',
  passwordShort: 'Mindestens {count} Zeichen',
  showPassword: 'Anzeigen',
  setPassword: 'Dieses Passwort setzen',

  appTitle: 'Authenticator-App',
  appScan: 'Scannen Sie dies mit der App auf Ihrem Telefon:',
  appPicture: 'QR-Code für die Authenticator-App',
  appByHand: 'Oder tippen Sie diesen Schlüssel in die App:',
  appKey: 'Schlüssel für die App',
  appLink: 'Dasselbe als Link, für eine App auf diesem Gerät',
  appUri: 'Link für die App',
  appCode: 'Code, den die App gerade zeigt',
  confirmApp: 'Bestätigen',
  appExpires: 'Dies gilt einige Minuten; eine frühere App gilt, bis Sie bestätigen.',

  profileNotRead: 'Ihr Profil konnte nicht gelesen werden.',
  recoveryTitle: 'Wiederherstellungscodes',
  recoveryBody:
    'Jeder ersetzt ein Mal den Code der App, falls das Telefon verloren geht. Sie stehen nur jetzt hier: Drucken Sie sie aus oder legen Sie sie in einen Passwort-Tresor.',
  recoveryCodes: 'Wiederherstellungscodes',
  recoverySave: 'Als Datei sichern',
  recoveryKept: 'Ich habe sie sicher aufbewahrt',

  stepUpTitle: 'Zeigen Sie, dass Sie es sind',
  stepUpBody: 'Was Sie vorhaben, reicht weit. Ihre Eingaben bleiben erhalten, und danach geht es von selbst weiter.',
  stepUpPasskey: 'Mit Passkey',
  stepUpCode: 'Code Ihrer Authenticator-App',
  stepUpHint: 'Die sechs Ziffern, die sie gerade zeigt',
  stepUpDo: 'Bestätigen',
  stepUpNone:
    'Sie haben weder einen Passkey noch eine Authenticator-App; niemand könnte Sie von jemandem an Ihrem Schreibtisch unterscheiden. Richten Sie eines davon ein oder melden Sie sich neu an: Das zählt auch.',
  stepUpToProfile: 'Zu Ihrem Profil',
} satisfies Translation<typeof en>;
