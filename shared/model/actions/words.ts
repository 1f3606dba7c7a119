// What each action does, in plain words and two languages: what a person reads before a key signs it.
import { inert, inertLines } from '#shared/base/inert-text.ts';
import type { CatalogueAction, CatalogueName } from './catalogue-actions.ts';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Words {
  /** As a list names it. */
  title: string;
  /** What it does, with its parameters in braces. */
  does: string;
}

type Both = Readonly<Record<Language, Words>>;

const WORDS: Readonly<Record<CatalogueName, Both>> = {
  'device.reboot': {
    en: { title: 'Reboot', does: 'Reboot the device now; it counts as done when it is back with a new boot.' },
    de: { title: 'Neu starten', does: 'Das Gerät jetzt neu starten; erledigt, wenn es mit neuem Start wieder da ist.' },
  },
  'device.shutdown': {
    en: { title: 'Shut down', does: 'Shut the device down now. Somebody has to wake it again.' },
    de: { title: 'Herunterfahren', does: 'Das Gerät jetzt herunterfahren. Jemand muss es wieder wecken.' },
  },
  'device.wake': {
    en: { title: 'Wake', does: 'Send a Wake-on-LAN packet to the known network addresses of the device.' },
    de: { title: 'Aufwecken', does: 'Ein Wake-on-LAN-Paket an die bekannten Netzadressen des Geräts senden.' },
  },
  'user.lock': {
    en: { title: 'Lock', does: 'Lock the screens of everybody who is logged on.' },
    de: { title: 'Sperren', does: 'Die Bildschirme aller angemeldeten Personen sperren.' },
  },
  'user.logoff': {
    en: { title: 'Log off', does: 'End all sessions and programs of {user}. What is not saved is lost.' },
    de: {
      title: 'Abmelden',
      does: 'Alle Sitzungen und Programme von {user} beenden. Nicht Gespeichertes geht verloren.',
    },
  },
  'rdp.enable': {
    en: { title: 'Remote desktop on', does: 'Allow remote desktop, and open the firewall for it.' },
    de: { title: 'Remotedesktop ein', does: 'Remotedesktop erlauben und die Firewall dafür öffnen.' },
  },
  'rdp.disable': {
    en: { title: 'Remote desktop off', does: 'Forbid remote desktop, and close the firewall for it.' },
    de: { title: 'Remotedesktop aus', does: 'Remotedesktop verbieten und die Firewall dafür schließen.' },
  },
  'rdp.start': {
    en: {
      title: 'Start remote desktop',
      does: 'Allow remote desktop, and start its service so that a session can begin.',
    },
    de: {
      title: 'Remotedesktop starten',
      does: 'Remotedesktop erlauben und seinen Dienst starten, damit eine Sitzung beginnen kann.',
    },
  },
  'service.restart': {
    en: { title: 'Restart a service', does: 'Restart the service {service}.' },
    de: { title: 'Dienst neu starten', does: 'Den Dienst {service} neu starten.' },
  },
  'service.start': {
    en: { title: 'Start a service', does: 'Start the service {service}.' },
    de: { title: 'Dienst starten', does: 'Den Dienst {service} starten.' },
  },
  'service.stop': {
    en: { title: 'Stop a service', does: 'Stop the service {service}.' },
    de: { title: 'Dienst anhalten', does: 'Den Dienst {service} anhalten.' },
  },
  'service.enable': {
    en: { title: 'Enable a service', does: 'Let the service {service} start with the device.' },
    de: { title: 'Dienst aktivieren', does: 'Den Dienst {service} mit dem Gerät starten lassen.' },
  },
  'service.disable': {
    en: { title: 'Disable a service', does: 'Let the service {service} start with the device no more.' },
    de: { title: 'Dienst deaktivieren', does: 'Den Dienst {service} nicht mehr mit dem Gerät starten lassen.' },
  },
  'process.kill': {
    en: { title: 'End a process', does: 'End every process called {process}.' },
    de: { title: 'Prozess beenden', does: 'Jeden Prozess namens {process} beenden.' },
  },
  'temp.clear': {
    en: { title: 'Clear temporary files', does: 'Delete temporary files older than {days} days.' },
    de: { title: 'Temporäre Dateien löschen', does: 'Temporäre Dateien löschen, die älter als {days} Tage sind.' },
  },
  'disk.clean': {
    en: { title: 'Clean up the disk', does: 'Delete package caches, old rotated logs and what updates left behind.' },
    de: {
      title: 'Datenträger aufräumen',
      does: 'Paketspeicher, alte rotierte Protokolle und Reste von Updates löschen.',
    },
  },
  'log.clear': {
    en: { title: 'Clear an event log', does: 'Clear the log {log}. What stood in it is gone.' },
    de: { title: 'Ereignisprotokoll leeren', does: 'Das Protokoll {log} leeren. Was darin stand, ist fort.' },
  },
  'dns.flush': {
    en: { title: 'Flush DNS', does: 'Forget the names that were looked up and are remembered.' },
    de: { title: 'DNS leeren', does: 'Die gemerkten Ergebnisse von Namensanfragen vergessen.' },
  },
  'address.renew': {
    en: { title: 'Renew the address', does: 'Ask for the network address anew (DHCP). The connection may be cut.' },
    de: { title: 'Adresse erneuern', does: 'Die Netzadresse neu anfragen (DHCP). Die Verbindung kann abreißen.' },
  },
  'network.reset': {
    en: { title: 'Reset the network', does: 'Start the network anew. The connection is cut for a moment.' },
    de: { title: 'Netz zurücksetzen', does: 'Das Netz neu starten. Die Verbindung reißt kurz ab.' },
  },
  'policy.update': {
    en: { title: 'Update group policies', does: 'Fetch and apply the group policies of the domain.' },
    de: { title: 'Gruppenrichtlinien holen', does: 'Die Gruppenrichtlinien der Domäne holen und anwenden.' },
  },
  'health.check': {
    en: { title: 'Health check', does: 'Look at load, memory, disks and failed services. Changes nothing.' },
    de: {
      title: 'Zustand prüfen',
      does: 'Last, Speicher, Datenträger und ausgefallene Dienste ansehen. Ändert nichts.',
    },
  },
  'system.info': {
    en: { title: 'System information', does: 'Tell system, hardware and addresses. Changes nothing.' },
    de: { title: 'Systeminformation', does: 'System, Hardware und Adressen nennen. Ändert nichts.' },
  },
  'inventory.collect': {
    en: { title: 'Collect inventory', does: 'Read the whole inventory anew. Changes nothing.' },
    de: { title: 'Inventar erfassen', does: 'Das ganze Inventar neu einlesen. Ändert nichts.' },
  },
  'powershell.run': {
    en: { title: 'Run PowerShell', does: 'Run with Windows PowerShell:\n{script}' },
    de: { title: 'PowerShell ausführen', does: 'Mit Windows PowerShell ausführen:\n{script}' },
  },
  'registry.set': {
    en: { title: 'Set a registry value', does: 'Set {value} of {key} to the {kind} {data}.' },
    de: { title: 'Registrierungswert setzen', does: '{value} von {key} auf den {kind}-Wert {data} setzen.' },
  },
  'registry.remove': {
    en: { title: 'Remove a registry value', does: 'Remove {value} of {key}.' },
    de: { title: 'Registrierungswert entfernen', does: '{value} von {key} entfernen.' },
  },
};

const ONE_PROCESS: Readonly<Record<Language, string>> = {
  en: 'End the process {pid}, if it is still called {process}.',
  de: 'Den Prozess {pid} beenden, falls er noch {process} heißt.',
};
/** How people see the name of a key's default value. */
const DEFAULT_VALUE: Readonly<Record<Language, string>> = { en: '(default)', de: '(Standard)' };

export const actionTitle = (name: CatalogueName, language: Language): string => WORDS[name][language].title;

/** What it does with these arguments; each value is shown inert, none can pass for a word of ours. */
export function actionPreview(action: CatalogueAction, language: Language): string {
  const given: Readonly<Record<string, unknown>> = action.arguments;
  const isOneProcess = action.name === 'process.kill' && action.arguments.pid !== undefined;
  const text = isOneProcess ? ONE_PROCESS[language] : WORDS[action.name][language].does;
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(given[name] ?? '');
    if (name === 'script') return inertLines(value);
    return value === '' && name === 'value' ? DEFAULT_VALUE[language] : inert(value);
  });
}
