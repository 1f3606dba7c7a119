// Who one is and what one may do just now, as pages ask it to show what works and to hide the rest.
import { can, type PersonActor, STEP_UP_MS } from '#console/access/can.ts';
import { holdsAt } from '#console/access/grant.ts';
import { VERB_NAMES } from '#console/access/verbs.ts';
import type { Me } from '#shared/contract/session-contract.ts';
import { VERSION } from '#shared/runtime/version.ts';
import type { ApiServices } from './services.ts';

type Services = Pick<ApiServices, 'trust' | 'clock'>;

export function meOf({ trust, clock }: Services, actor: PersonActor, expiresAt: number | null): Me {
  const now = clock.now();
  const roles = actor.grants.flatMap((grant) =>
    grant.effect === 'allow' && grant.role !== null && holdsAt(grant, now) ? [grant.role] : [],
  );
  return {
    person: actor.id,
    name: actor.name,
    version: VERSION,
    hasUnexportedOwner: trust.hasUnexportedOwner(),
    hasUnwrittenPaper: trust.hasUnwrittenPaper(),
    roles: [...new Set(roles)],
    verbs: VERB_NAMES.filter((verb) => can(actor, verb, undefined, now).allowed),
    mustEnrol: actor.mustEnrol,
    steppedUpUntil: steppedUpUntil(actor, now),
    expiresAt,
    session: actor.session ?? null,
  };
}

function steppedUpUntil({ steppedUpAt }: PersonActor, now: number): number | null {
  if (steppedUpAt === null || steppedUpAt + STEP_UP_MS <= now) return null;
  return steppedUpAt + STEP_UP_MS;
}
