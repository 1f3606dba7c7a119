// What time it is at a site.
import { locale } from '#console/web/src/i18n/language.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const options = {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  } as const;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formats.set(zone, made);
  return made;
}

/** "Mon 14:03 GMT+2"; nothing for a zone that this browser does not know. */
export function zoneTime(zone: string, at: number): string {
  try {
    return formatOf(zone).format(at);
  } catch {
    return '';
  }
}
