// One grant: of which verbs, of what and of which moment it speaks. Pure; `can()` asks.
import { isWithinHours } from '#shared/judge/time/work-hours.ts';
import type { GrantEffect, GrantOver, RoleName, WeeklyHours } from '#shared/model/grant.ts';
import { ROLES } from './roles.ts';
import { coversAny } from './verbs.ts';

export interface Grant {
  id: string;
  effect: GrantEffect;
  role: RoleName | null;
  /** Patterns such as "device.*": the role's own where it is a role. */
  verbs: readonly string[];
  over: GrantOver;
  from: number | null;
  until: number | null;
  hours: WeeklyHours | null;
}

/** One thing that somebody wants to do something with, and where it stands. */
export type Resource =
  | { kind: 'console' }
  | { kind: 'customer'; id: string }
  | { kind: 'site'; id: string; customer: string }
  | {
      kind: 'device';
      id: string;
      site: string;
      customer: string;
      /** Which groups and tags it has now. */
      groups: readonly string[];
      tags: readonly string[];
    };

/** What an owner has: made by code for the first person, and by the store for those who stood before there were grants. */
export const ownerGrant = (id: string): Grant => ({
  id,
  effect: 'allow',
  role: 'owner',
  verbs: ROLES.owner.verbs,
  over: { kind: 'everything' },
  from: null,
  until: null,
  hours: null,
});

export const speaksOf = ({ verbs }: Grant, verb: string): boolean => coversAny(verbs, verb);

export function holdsAt({ from, until, hours }: Grant, now: number): boolean {
  if (from !== null && now < from) return false;
  if (until !== null && now >= until) return false;
  return hours === null || isWithinHours(hours, now);
}

/** A part reaches what is in it, and never what it is a part of: a device's grant says nothing of its site. */
export function reaches(over: GrantOver, thing: Resource): boolean {
  switch (over.kind) {
    case 'everything':
      return true;
    case 'customer':
      return thing.kind === 'customer' ? thing.id === over.id : 'customer' in thing && thing.customer === over.id;
    case 'site':
      return thing.kind === 'site' ? thing.id === over.id : thing.kind === 'device' && thing.site === over.id;
    case 'group':
      return thing.kind === 'device' && thing.groups.includes(over.id);
    case 'tag':
      return thing.kind === 'device' && thing.tags.includes(over.id);
    case 'device':
      return thing.kind === 'device' && thing.id === over.id;
  }
}
