// Why somebody may do something, or may not: the rule that decided, and every grant that was looked at, in plain sentences.
import type { RoleName } from '#shared/model/grant.ts';
import { can, type PersonActor, type Rule } from './can.ts';
import { type EstatePlaces, overName } from './estate-places.ts';
import { type Grant, holdsAt, type Resource, reaches, speaksOf } from './grant.ts';
import { VERBS, type Verb } from './verbs.ts';

export interface ConsideredGrant {
  grant: Grant;
  counts: boolean;
  text: string;
}

export interface Reasons {
  allowed: boolean;
  /** Id of the grant that decided, or the name of the rule. */
  rule: string;
  text: string;
  considered: ConsideredGrant[];
}

interface Question {
  verb: Verb;
  resource: Resource;
  /** "device web-1", as people say it. */
  thing: string;
  now: number;
  places: EstatePlaces;
}

export function whyOf(person: PersonActor, isDisabled: boolean, question: Question): Reasons {
  const { verb, resource, now } = question;
  const decision = can(person, verb, resource, now);
  const considered = person.grants.map((grant) => consider(grant, question));
  if (isDisabled)
    return { allowed: false, rule: 'disabled', text: `No. ${person.name} is disabled and cannot sign in.`, considered };
  return {
    allowed: decision.allowed,
    rule: decision.rule.kind === 'grant' ? decision.rule.grant.id : decision.rule.kind,
    text: textOf(person, decision.rule, question),
    considered,
  };
}

function textOf({ name }: PersonActor, rule: Rule, { verb, thing, places }: Question): string {
  const what = `${verb} on ${thing}`;
  switch (rule.kind) {
    case 'grant': {
      const { grant } = rule;
      const isAllow = grant.effect === 'allow';
      const ends = isAllow ? `allows ${what}` : `denies ${what}, and a denial wins over what is allowed`;
      return `${isAllow ? 'Yes' : 'No'}. ${grantText(places, grant)} ${ends}.`;
    }
    case 'own':
      return `Yes. ${VERBS[verb]} Everybody may do that over themself.`;
    case 'must-enrol':
      return `No. ${name} has no second factor yet and may only set one up.`;
    default:
      return `No. No grant of ${name} allows ${what}.`;
  }
}

function consider(grant: Grant, { verb, resource, now, places, thing }: Question): ConsideredGrant {
  const whole = grantText(places, grant);
  if (!speaksOf(grant, verb)) return { grant, counts: false, text: `${whole} does not speak of ${verb}.` };
  if (!reaches(grant.over, resource)) return { grant, counts: false, text: `${whole} does not reach ${thing}.` };
  if (!holdsAt(grant, now)) return { grant, counts: false, text: `${whole} does not hold at this time.` };
  return { grant, counts: true, text: `${whole} ${grant.effect === 'allow' ? 'allows' : 'denies'} it.` };
}

const roleText = (role: RoleName): string => `the role ${role}`;

/** "The grant of the role viewer over site Berlin". */
export function grantText(places: EstatePlaces, { effect, role, verbs, over }: Grant): string {
  const what = role === null ? verbs.join(', ') : roleText(role);
  const name = overName(places, over);
  const where = over.kind === 'everything' ? 'everything' : `${over.kind} ${name ?? `${over.id}, which is gone`}`;
  return `The ${effect === 'allow' ? 'grant' : 'denial'} of ${what} over ${where}`;
}
