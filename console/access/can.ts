// The one answer to "may they?". Every route and every inner part asks here; nobody decides a right anywhere else.
import { AppError } from '#shared/base/errors.ts';
import type { GrantOver } from '#shared/model/grant.ts';
import { type Grant, holdsAt, type Resource, reaches, speaksOf } from './grant.ts';
import { claimScope, EVERYTHING_SCOPE, NOTHING_SCOPE, type Scope } from './scope.ts';
import { coversAny, isOwnVerb } from './verbs.ts';

/** What cuts the rights of an API token below those of its person; it never adds any. */
export interface TokenLimits {
  /** Patterns of verbs. */
  verbs: readonly string[];
  over: readonly GrantOver[];
  /** Its maker had just proved themself: it may do what is dangerous. */
  mayEndanger: boolean;
}

export interface PersonActor {
  kind: 'person';
  id: string;
  name: string;
  /** By a session in the browser, or by an API token. */
  via: 'session' | 'token';
  /** What the person may and may not do, as it stands now. */
  grants: readonly Grant[];
  /** Of a token; absent where it may do all that its person may. */
  limits?: TokenLimits;
  /** When they last proved themself in this session; null for a token. */
  steppedUpAt: number | null;
  /** Id of the session, never its secret. */
  session?: string;
  /** Id of the API token. */
  token?: string;
  /** Signed in by an invitation, without a second factor yet: they may set that up, and nothing else. */
  mustEnrol: boolean;
}

/** Who asks. */
export type Actor =
  | { kind: 'anonymous' }
  | PersonActor
  /** A relay over its mutual TLS link: it speaks for itself, and reads nothing. */
  | { kind: 'relay'; id: string }
  /** A part of the console itself: boot, jobs. */
  | { kind: 'system'; part: string };

/** Who asks for a change, and from where: what an audit row needs. */
export interface Caller {
  actor: Actor;
  /** Peer address. */
  address?: string | undefined;
  /** What the change may reach; a part of the console itself reaches everything. */
  scope?: Scope | undefined;
}

/** What a change of theirs may reach. Outside of it a thing is as if it were not there. */
export function reachOf({ actor, scope }: Caller): Scope {
  if (scope !== undefined) return scope;
  if (actor.kind === 'system') return EVERYTHING_SCOPE;
  throw new AppError('internal', 'a change was asked for without what it may reach');
}

/** Which rule decided. A grant decides by itself; what no grant allows is denied. */
export type Rule =
  | { kind: 'grant'; grant: Grant }
  | { kind: 'no-grant' | 'own' | 'must-enrol' | 'token' | 'public' | 'nobody' | 'not-signed-in' | 'console' | 'relay' };

export type Permission =
  | { allowed: true; scope: Scope; rule: Rule }
  | { allowed: false; reason: 'unauthenticated' | 'denied'; rule: Rule };

/** Operations for those who are not signed in yet: everybody may, and sees nothing of the fleet. */
const PUBLIC = 'public';

/** An operation that forgot to declare its right asks for this one; nobody has it. */
const NOBODY = 'nobody';

/** A proof of oneself is good for what is dangerous this long: a few orders in a row, and no lunch break. */
export const STEP_UP_MS = 10 * 60_000;

const denied = (rule: Rule): Permission => ({ allowed: false, reason: 'denied', rule });
const allowed = (scope: Scope, rule: Rule): Permission => ({ allowed: true, scope, rule });

/**
 * Pure. Without a resource it tells whether they may do it anywhere, and the scope says where; with one, whether they may
 * do it there. `now` is asked of grants that hold for a time.
 */
export function can(actor: Actor, verb: string, resource?: Resource, now = 0): Permission {
  if (verb === NOBODY) return denied({ kind: 'nobody' });
  if (verb === PUBLIC) return allowed(NOTHING_SCOPE, { kind: 'public' });
  switch (actor.kind) {
    case 'person':
      return personCan(actor, verb, resource, now);
    case 'system':
      return allowed(EVERYTHING_SCOPE, { kind: 'console' });
    case 'relay':
      return denied({ kind: 'relay' });
    case 'anonymous':
      return { allowed: false, reason: 'unauthenticated', rule: { kind: 'not-signed-in' } };
  }
}

function personCan(actor: PersonActor, verb: string, resource: Resource | undefined, now: number): Permission {
  const { grants, limits, mustEnrol } = actor;
  if (mustEnrol && !isOwnVerb(verb)) return denied({ kind: 'must-enrol' });
  if (limits !== undefined && !coversAny(limits.verbs, verb)) return denied({ kind: 'token' });
  if (isOwnVerb(verb)) return allowed(NOTHING_SCOPE, { kind: 'own' });
  const counting = grants.filter((grant) => speaksOf(grant, verb) && holdsAt(grant, now));
  return resource === undefined ? anywhere(counting, limits) : there(counting, limits, resource);
}

/** Deny wins over allow, and what nothing allows is denied. */
function there(counting: readonly Grant[], limits: TokenLimits | undefined, resource: Resource): Permission {
  const here = counting.filter((grant) => reaches(grant.over, resource));
  const deny = here.find(({ effect }) => effect === 'deny');
  if (deny !== undefined) return denied({ kind: 'grant', grant: deny });
  const allow = here.find(({ effect }) => effect === 'allow');
  if (allow === undefined) return denied({ kind: 'no-grant' });
  if (limits !== undefined && !limits.over.some((over) => reaches(over, resource))) return denied({ kind: 'token' });
  // What it is asked of is at hand already: no reader needs a scope.
  return allowed(NOTHING_SCOPE, { kind: 'grant', grant: allow });
}

const ofEverything = ({ over }: Grant): boolean => over.kind === 'everything';

function anywhere(counting: readonly Grant[], limits: TokenLimits | undefined): Permission {
  const allow = counting.filter(({ effect }) => effect === 'allow');
  const deny = counting.filter(({ effect }) => effect === 'deny');
  const deniesAll = deny.find(ofEverything);
  if (deniesAll !== undefined) return denied({ kind: 'grant', grant: deniesAll });
  const [first] = allow;
  if (first === undefined) return denied({ kind: 'no-grant' });
  const whole = allow.find(ofEverything);
  const within = limits === undefined || limits.over.some(({ kind }) => kind === 'everything') ? null : limits.over;
  const rule: Rule = { kind: 'grant', grant: whole ?? first };
  if (whole !== undefined && deny.length === 0 && within === null) return allowed(EVERYTHING_SCOPE, rule);
  const overs = (some: readonly Grant[]) => some.map(({ over }) => over);
  return allowed(claimScope({ allow: whole ? [whole.over] : overs(allow), deny: overs(deny), within }), rule);
}

/** Whether a dangerous operation wants a fresh proof of oneself first, or is none of this token's. */
export function mayEndanger(actor: Actor, now: number): 'yes' | 'step-up' | 'never' {
  if (actor.kind !== 'person') return 'yes';
  if (actor.via === 'token') return actor.limits === undefined || actor.limits.mayEndanger ? 'yes' : 'never';
  return actor.steppedUpAt !== null && now - actor.steppedUpAt < STEP_UP_MS ? 'yes' : 'step-up';
}

/** The actor as audit rows name it. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'person':
      return actor.via === 'token' ? `token:${actor.id}` : `person:${actor.id}`;
    case 'relay':
      return `relay:${actor.id}`;
    case 'system':
      return `system:${actor.part}`;
  }
}

/** Who did it and from where, as an audit row begins. */
export const by = (caller: Caller) => ({ actor: actorName(caller.actor), address: caller.address });
