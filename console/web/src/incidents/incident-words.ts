// States, causes, types and values of alerts as pages write them.
import { quantityText } from '#console/web/src/text/format.ts';
import type { AlertState, AlertType } from '#shared/model/alert-words.ts';
import type { Alert, Entry, Incident } from './incidents-data.ts';
import { t } from './text.ts';

export const stateText = (state: AlertState): string => t(`state_${state}`);
export const typeText = (type: AlertType): string => t(`type_${type}`);
export const causeText = (cause: Incident['cause']): string => t(`cause_${cause}`);
export const entryText = (kind: Entry['kind']): string => t(`entry_${kind}`);

export const isOpen = ({ state }: { state: AlertState }): boolean => state !== 'resolved' && state !== 'archived';

/** Those that pages shorten themselves; any other stands behind its number as the check names it. */
const KNOWN_UNITS: ReadonlySet<string> = new Set(['ratio', 'bytes', 'bytes/s', 'ms', 'load', '1/s', 'count']);

export function valueText(value: number | null, unit: string | null): string {
  const name = unit ?? '';
  return name === '' || KNOWN_UNITS.has(name) ? quantityText(value, name) : `${quantityText(value, '')} ${name}`;
}

type Place = Pick<Incident, 'customerName' | 'siteName' | 'relayName' | 'deviceName'>;

/** "db-3, Harbour"; the console's own are of no place. */
export function placeText({ deviceName, relayName, siteName }: Place): string {
  const names = [deviceName ?? relayName, siteName].filter((name) => name !== null);
  return names.length === 0 ? t('theConsole') : names.join(', ');
}

/** "disk.free C:": what of a device it is about, beside its check. */
export const aboutText = ({ checkName, instance }: Pick<Alert, 'checkName' | 'instance'>): string =>
  instance === '' ? checkName : `${checkName}: ${instance}`;

/** What was found begins with its check's name: beside that name it is said once. */
export function foundText(text: string, { checkName, instance }: Pick<Alert, 'checkName' | 'instance'>): string {
  const name = instance === '' ? checkName : `${checkName} (${instance})`;
  return text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text;
}
