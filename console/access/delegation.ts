// What a person may give to others: never more than they hold themself, in verbs, in place and in time. Pure.
import type { GrantOver } from '#shared/model/grant.ts';
import { type Actor, can } from './can.ts';
import type { EstatePlaces } from './estate-places.ts';
import { type Grant, type Resource, reaches } from './grant.ts';
import { covers, coversAny, isOwnVerb, VERB_NAMES } from './verbs.ts';

type Given = Pick<Grant, 'verbs' | 'over' | 'until' | 'hours'>;

interface Asked {
  places: EstatePlaces;
  now: number;
}

/** Whether they hold each verb of it, over all of it, for as long as it would hold. */
export function mayGive(actor: Actor, given: Given, asked: Asked): boolean {
  if (actor.kind !== 'person') return actor.kind === 'system';
  const lasting = { ...actor, grants: actor.grants.filter((one) => one.effect === 'deny' || outlasts(one, given)) };
  const isHeld = (pattern: string) => {
    const patterns = lasting.grants.filter(({ effect }) => effect === 'allow').flatMap(({ verbs }) => verbs);
    const verbs = VERB_NAMES.filter((verb) => covers(pattern, verb));
    // A pattern reaches verbs of later releases too: who gives one holds one that is as wide.
    const isWide = pattern.endsWith('*') && !patterns.some((own) => own === '*' || own === pattern);
    const isHeldThere = (verb: string) => isOwnVerb(verb) || holdsOver(lasting, verb, given.over, asked);
    return !isWide && verbs.length > 0 && verbs.every(isHeldThere);
  };
  return given.verbs.length > 0 && given.verbs.every(isHeld);
}

/** A denial may be taken away by whoever could give what it denies, as far as others allow it to its person. */
export function mayLift(actor: Actor, deny: Given, others: readonly Grant[], asked: Asked): boolean {
  const allowed = others.filter(({ effect }) => effect === 'allow').flatMap(({ verbs }) => verbs);
  const verbs = VERB_NAMES.filter((verb) => coversAny(deny.verbs, verb) && coversAny(allowed, verb));
  return verbs.every((verb) => mayGive(actor, { ...deny, verbs: [verb] }, asked));
}

function outlasts(held: Grant, given: Given): boolean {
  if (held.until !== null && (given.until === null || given.until > held.until)) return false;
  return held.hours === null || JSON.stringify(held.hours) === JSON.stringify(given.hours);
}

/** Whether they hold one verb over a whole part of the estate, as it is and as it may grow. */
export function holdsOver(actor: Actor, verb: string, over: GrantOver, { places, now }: Asked): boolean {
  const decision = can(actor, verb, undefined, now);
  if (!decision.allowed) return false;
  const { scope } = decision;
  if (scope.kind === 'everything') return true;
  if (scope.kind !== 'claim') return false;
  const { allow, deny, within } = scope.claim;
  const thing = resourceOf(places, over);
  const isIn = (overs: readonly GrantOver[]) => overs.some((own) => contains(own, over, thing));
  return isIn(allow) && (within === null || isIn(within)) && !deny.some((own) => overlaps(places, own, over, thing));
}

/** Where it stands; undefined for everything, groups and tags, which stand nowhere, and for what is gone. */
function resourceOf(places: EstatePlaces, over: GrantOver): Resource | undefined {
  switch (over.kind) {
    case 'customer':
      return { kind: 'customer', id: over.id };
    case 'site': {
      const site = places.site(over.id);
      return site === undefined ? undefined : { kind: 'site', id: over.id, customer: site.customer };
    }
    case 'device':
      return places.device(over.id)?.resource;
    case 'everything':
    case 'group':
    case 'tag':
      return undefined;
  }
}

function contains(own: GrantOver, over: GrantOver, thing: Resource | undefined): boolean {
  if (own.kind === 'everything') return true;
  if (own.kind === over.kind && 'id' in over && own.id === over.id) return true;
  return thing !== undefined && reaches(own, thing);
}

/** Whether something denied lies in it. What cannot be told is taken to lie in it. */
function overlaps(places: EstatePlaces, own: GrantOver, over: GrantOver, thing: Resource | undefined): boolean {
  if (own.kind === 'everything' || thing === undefined) return true;
  if (reaches(own, thing)) return true;
  if (thing.kind === 'device') return false;
  // A denied part of the very thing: a site of this customer, a device of this site.
  const inner = resourceOf(places, own);
  return inner === undefined ? own.kind === 'group' || own.kind === 'tag' : reaches(over, inner);
}
