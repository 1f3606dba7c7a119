// Whether a route is for an incident, and if not, the first thing that keeps it from it.
import type { Route } from '#shared/contract/notify-contract.ts';
import { isWithinHours } from '#shared/judge/time/work-hours.ts';
import type { IncidentFacts } from './incident-facts.ts';

export type Matched = Pick<IncidentFacts, 'severity' | 'type' | 'check' | 'siteId' | 'customerId' | 'tags' | 'groups'>;

const globs = new Map<string, RegExp>();
/** `*` stands for any letters; everything else for itself. */
function glob(pattern: string): RegExp {
  const known = globs.get(pattern);
  if (known !== undefined) return known;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  const made = new RegExp(`^${parts.join('[^]*')}$`);
  // Patterns are those of the routes: some hundreds. Texts of removed ones are let go of.
  if (globs.size > 5_000) globs.clear();
  globs.set(pattern, made);
  return made;
}

/** Undefined: it fits. */
export function whyNot(
  { isOn, match }: Pick<Route, 'isOn' | 'match'>,
  about: Matched,
  now: number,
): string | undefined {
  if (!isOn) return 'it is off';
  const { severities, types, customers, sites, tags, groups, checks, hours, isOutside } = match;
  if (severities.length > 0 && !severities.includes(about.severity)) return `it is not for ${about.severity}`;
  if (types.length > 0 && !types.includes(about.type)) return `it is not for ${about.type}`;
  if (sites.length > 0 && !sites.some((one) => one === about.siteId)) return 'it is not for this site';
  if (customers.length > 0 && !customers.some((one) => one === about.customerId)) return 'it is not for this customer';
  if (tags.length > 0 && !tags.some((one) => about.tags.includes(one))) return 'the device has none of its tags';
  if (groups.length > 0 && !groups.some((one) => about.groups.includes(one)))
    return 'the device is in none of its groups';
  if (checks.length > 0 && !checks.some((one) => glob(one).test(about.check))) return `it is not for ${about.check}`;
  if (hours !== undefined && isWithinHours(hours, now) === isOutside)
    return isOutside ? 'it is not for these hours of the week' : 'it is outside of its hours';
  return undefined;
}
