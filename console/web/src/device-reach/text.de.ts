// German: how a device is reached, and what is wrong when it is not.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  reached: 'Wie es erreicht wird',
  over: 'Über',
  overPort: '{transport}, Port {port}',
  notYet: 'Sein Relais hat es noch nicht erreicht',
  since: 'Seit',
  proof: 'Anmeldung bewiesen durch',
  auth_none: 'nichts: kein Netz liegt dazwischen',
  auth_key: 'einen Schlüssel',
  auth_password: 'ein Passwort',
  auth_ntlm: 'NTLM',
  auth_kerberos: 'Kerberos',
  seal: 'Geschützt durch',
  seal_none: 'nichts: kein Netz liegt dazwischen',
  seal_tls: 'TLS; das Gerät beweist sich durch sein Zertifikat',
  seal_ssh: 'SSH; das Gerät beweist sich durch seinen Hostschlüssel',
  seal_kerberos: 'einen Sitzungsschlüssel; das Gerät beweist sich durch Kerberos',
  seal_sealed: 'einen Sitzungsschlüssel; das Gerät beweist nicht, wer es ist',
  detail: 'Im Einzelnen',
  login: 'Zugang',
  none: 'keiner',
  spn: 'Dienstprinzipal',
  realm: 'Realm',
  share: 'Freigabe',
  asSet: 'Eingestellt auf {transport}',

  trouble: 'Warum es nicht erreicht wird',
  relaySays: 'Das Relais sagt: {detail}',
  edit: 'Ändern, wie es erreicht wird',
  logins: 'Zu den Zugängen',
  command: 'Befehl, der es annimmt',
  commandHint: 'Wer unterschreiben darf, gibt dies ein, vergleicht, was es zeigt, und fügt --yes an:',

  what_unreachable: 'Unter seiner Adresse antwortet nichts.',
  todo_unreachable:
    'Prüfen Sie, ob es eingeschaltet ist und das Netz des Relais dorthin führt; berichtigen Sie die Adresse, falls es eine andere hat.',
  what_refused: 'Das Gerät antwortet, lässt aber an diesem Port niemanden ein.',
  todo_refused: 'Prüfen Sie, ob der Dienst dort läuft, oder berichtigen Sie den Port.',
  'what_closed-port': 'Das Gerät antwortet, aber nicht am Port von WinRM.',
  'todo_closed-port':
    'Richten Sie am Gerät einen Listener ein: `rmm onboard windows` schreibt das Skript dafür. Oder berichtigen Sie den Port.',
  what_weaker:
    'Es bietet den Weg nicht mehr an, auf dem es bisher erreicht wurde, und ein schwächerer wird nicht versucht.',
  todo_weaker:
    'Bringen Sie seinen HTTPS-Listener oder sein Kerberos in Ordnung. Soll es künftig schwächer erreicht werden, benennt ein Unterzeichner seinen Schlüssel neu.',
  what_denied: 'Das Gerät lässt diesen Zugang nicht ein.',
  todo_denied: 'Prüfen Sie Benutzer, Passwort und Rechte des Zugangs. Ein neuer wird sofort versucht.',
  what_rights: 'Das Gerät lässt diesen Zugang ein, aber nicht an das, was das Relais erfragt.',
  todo_rights:
    'Geben Sie ihm die Rechte zum Lesen: `rmm onboard windows` schreibt das Skript dafür. Die Worte des Relais sagen, was verweigert wurde.',
  what_paused: 'Der Zugang wurde abgelehnt und ruht, damit kein Konto gesperrt wird.',
  todo_paused:
    'Prüfen Sie Benutzer, Passwort und Rechte des Zugangs. Ein neuer wird sofort versucht, derselbe nach 15 Minuten.',
  'what_timed-out': 'Das Gerät hat zu lange nicht geantwortet.',
  'todo_timed-out':
    'Oft ist es ausgelastet oder das Netz langsam: Das Relais versucht es weiter. Bleibt es so, sehen Sie nach seiner Last.',
  what_lost: 'Die Verbindung endete vor der Antwort.',
  todo_lost:
    'Das Relais versucht es wieder. Bleibt es so, prüfen Sie, was dazwischen liegt: Firewall, Proxy, schlechte Leitung.',
  'what_host-key-unknown': 'Dieser Standort glaubt keiner Maschine auf den ersten Blick.',
  'todo_host-key-unknown': 'Lesen Sie den Schlüssel an der Maschine selbst ab und benennen Sie ihn.',
  'what_host-key-changed':
    'Die Maschine zeigt einen anderen Hostschlüssel als den festgehaltenen. Kein Zugang wurde angeboten.',
  'todo_host-key-changed':
    'Wurde sie neu aufgesetzt? Lesen Sie den Schlüssel an der Maschine selbst ab und benennen Sie ihn.',
  what_certificate: 'Das Gerät zeigt ein anderes Zertifikat als das festgehaltene. Kein Zugang wurde angeboten.',
  todo_certificate: 'Wurde es erneuert? Lesen Sie seinen Schlüssel am Gerät selbst ab und benennen Sie ihn.',
  'what_identity-changed':
    'Unter dieser Adresse antwortet eine andere Maschine. Nichts von ihr wird gespeichert, kein Auftrag läuft dort.',
  'todo_identity-changed':
    'Wurde sie neu aufgesetzt? Vergleichen Sie beide Identitäten unter Hardware und lassen Sie die neue annehmen.',
  'what_too-large': 'Es sendet mehr, als das Relais annimmt.',
  'todo_too-large': 'Die Worte des Relais sagen, wovon; oft ist eine Liste auf dem Gerät endlos gewachsen.',
  what_malformed: 'Seine Antwort ist nicht zu lesen.',
  todo_malformed:
    'Oft schreibt ein Startskript des Zugangs dazwischen, oder das System ist älter als die, die das Relais kennt.',
  what_unsupported: 'Das Relais kann dies auf diesem Weg nicht.',
  todo_unsupported: 'Wählen Sie einen anderen Weg oder aktualisieren Sie das Relais.',
  what_cancelled: 'Das Relais hat abgebrochen, bevor es fertig war.',
  todo_cancelled: 'Es versucht es von selbst wieder.',
  'what_credential-missing': 'Das Relais hat keinen Zugang dieses Namens.',
  'todo_credential-missing': 'Versiegeln Sie einen für dieses Relais oder berichtigen Sie den Namen am Gerät.',
  'what_credential-not-allowed':
    'Der Zugang ist nicht für dieses Gerät, diesen Ort oder diesen Zweck. Er wurde nicht angeboten.',
  'todo_credential-not-allowed': 'Die Worte des Relais sagen, was fehlt: Versiegeln Sie den Zugang damit neu.',
  'what_plain-http': 'Hier gibt es weder TLS noch Kerberos, und ohne wird dieser Zugang nicht angeboten.',
  'todo_plain-http':
    'Richten Sie am Gerät einen HTTPS-Listener ein: `rmm onboard windows` schreibt das Skript dafür. Oder versiegeln Sie den Zugang neu und erlauben Sie NTLM über HTTP ohne TLS.',
} satisfies Translation<typeof en>;
