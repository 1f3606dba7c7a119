// People, what each may do and why; and the roles that ship.
import { ROLES, sentenceOf, verbsOfRole } from '#console/access/roles.ts';
import { AppError } from '#shared/base/errors.ts';
import { ROLE_NAMES } from '#shared/model/grant.ts';
import { isDangerousVerb } from './dangerous-verbs.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

const later = (): never => {
  throw new AppError('unavailable', 'this console does not do that yet');
};

export function peopleProcedures(os: Guarded, _services: ApiServices) {
  return {
    list: os.people.list.handler(later),
    show: os.people.show.handler(later),
    create: os.people.create.handler(later),
    invite: os.people.invite.handler(later),
    update: os.people.update.handler(later),
    remove: os.people.remove.handler(later),
    grant: os.people.grant.handler(later),
    ungrant: os.people.ungrant.handler(later),
    why: os.people.why.handler(later),
  };
}

export function roleProcedures(os: Guarded) {
  const items = ROLE_NAMES.map((name) => ({
    name,
    sentence: ROLES[name].sentence,
    verbs: verbsOfRole(name).map((verb) => ({ verb, sentence: sentenceOf(verb), isDangerous: isDangerousVerb(verb) })),
  }));
  return { list: os.roles.list.handler(() => ({ items })) };
}
