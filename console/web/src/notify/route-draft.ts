// A route as its form holds it: which incidents it takes, whom it tells, when, and how often.
import { type HoursDraft, hasEmptySpan, hoursDraft, hoursOf } from '#console/web/src/people/grant-draft.ts';
import type { Route, Target } from './notify-data.ts';
import { minutesText, minutesTyped } from './notify-words.ts';

type Match = Route['match'];

export interface RouteDraft extends HoursDraft {
  name: string;
  isOn: boolean;
  place: number;
  severities: Match['severities'];
  types: Match['types'];
  customers: string[];
  sites: string[];
  tags: string[];
  groups: string[];
  /** Names of checks with commas or spaces between. */
  checks: string;
  isOutside: boolean;
  targets: Target[];
  /** Empty for none. */
  escalation: string;
  delay: string;
  repeat: string;
  digest: string;
  tellsResolved: boolean;
  isLast: boolean;
}

/** Room between two for one that comes later. */
const STEP = 10;

/** A new one is asked behind all others. */
export function draftOf(route: Route | undefined, routes: readonly Route[]): RouteDraft {
  const match = route?.match;
  return {
    name: route?.name ?? '',
    isOn: route?.isOn ?? true,
    place: route?.place ?? Math.max(0, ...routes.map(({ place }) => place)) + STEP,
    severities: [...(match?.severities ?? [])],
    types: [...(match?.types ?? [])],
    customers: [...(match?.customers ?? [])],
    sites: [...(match?.sites ?? [])],
    tags: [...(match?.tags ?? [])],
    groups: [...(match?.groups ?? [])],
    checks: (match?.checks ?? []).join(', '),
    isOutside: match?.isOutside ?? false,
    ...hoursDraft(match?.hours),
    targets: route?.targets.map((target) => ({ ...target })) ?? [],
    escalation: route?.escalation ?? '',
    delay: minutesText(route?.delayMs ?? 0),
    repeat: minutesText(route?.repeatMs ?? 0),
    digest: minutesText(route?.digestMs ?? 0),
    tellsResolved: route?.tellsResolved ?? true,
    isLast: route?.isLast ?? false,
  };
}

export type RouteFault = 'name' | 'targets' | 'delay' | 'repeat' | 'digest' | 'hours';

export function faultsOf(draft: RouteDraft): RouteFault[] {
  const { name, targets, escalation } = draft;
  const times = ['delay', 'repeat', 'digest'] as const;
  return [
    ...(name.trim() === '' ? (['name'] as const) : []),
    // It may also be there to stop what would come behind it.
    ...(targets.length === 0 && escalation === '' && !draft.isLast ? (['targets'] as const) : []),
    ...times.filter((time) => minutesTyped(draft[time]) === undefined),
    ...(hasEmptySpan(draft) ? (['hours'] as const) : []),
  ];
}

const wordsOf = (text: string): string[] => text.split(/[\s,;]+/).filter((word) => word !== '');

export function wishOf(draft: RouteDraft) {
  const hours = hoursOf(draft);
  const { severities, types, customers, sites, tags, groups, isOutside } = draft;
  return {
    name: draft.name.trim(),
    isOn: draft.isOn,
    place: draft.place,
    match: {
      ...{ severities, types, customers, sites, tags, groups, checks: wordsOf(draft.checks) },
      ...(hours !== null && { hours }),
      isOutside: hours !== null && isOutside,
    },
    targets: draft.targets,
    escalation: draft.escalation === '' ? null : draft.escalation,
    delayMs: minutesTyped(draft.delay) ?? 0,
    repeatMs: minutesTyped(draft.repeat) ?? 0,
    digestMs: minutesTyped(draft.digest) ?? 0,
    tellsResolved: draft.tellsResolved,
    isLast: draft.isLast,
  };
}
