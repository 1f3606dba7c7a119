// Windows and local routes in one line of the page's language.
import { duration } from '#console/web/src/text/format.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { LocalRoute, MaintenanceWindow } from '#shared/model/watch-policy.ts';
import { severityText } from './check-words.ts';
import { t } from './text.ts';

export function windowText({ startsAt, zone, durationMs, rule }: MaintenanceWindow): string {
  const about = { start: startsAt.replace('T', ' '), zone: inert(zone), time: duration(durationMs) };
  return t('sayWindow', { ...about, rule: rule === undefined ? t('once') : inert(rule) });
}

export function routeText({ atLeast, afterMs, mail }: LocalRoute): string {
  const about = { severity: severityText(atLeast), time: duration(afterMs) };
  return t('sayRoute', { ...about, to: mail.to.map(inert).join(', '), host: inert(mail.host) });
}
