// People, what each may do and why; and the roles that ship.
import { overName } from '#console/access/estate-places.ts';
import { type Grant, holdsAt } from '#console/access/grant.ts';
import type { KnownPerson } from '#console/access/people-desk.ts';
import { ROLES, sentenceOf, verbsOfRole } from '#console/access/roles.ts';
import { NO_STANDING, type SignInStanding } from '#console/access/sign-in-standing.ts';
import { isOwnVerb } from '#console/access/verbs.ts';
import type { GrantSummary, PersonSummary } from '#shared/contract/people-contract.ts';
import { ROLE_NAMES } from '#shared/model/grant.ts';
import type { ApiContext } from './api-context.ts';
import { isDangerousVerb } from './dangerous-verbs.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';
import { askWhy } from './why-question.ts';

export function peopleProcedures(os: Guarded, services: ApiServices) {
  const { peopleDesk: desk, people, fleet, urls } = services;
  const shown = async (context: ApiContext, person: KnownPerson) => ({
    ...personSummary(services, context, person),
    ...standingOf(await services.signIn.factors.standings(), person),
  });
  const invite = async (context: ApiContext, id: string) => {
    const { secret, expiresAt } = await people.createSignInLink(context, id, 'invite');
    // Behind the #: browsers keep a fragment to themselves, so it reaches no log and no proxy.
    return { url: `${urls.browser}/sign-in#${secret}`, expiresAt };
  };
  // What was written just before is known here: rights speak of places that the fleet has in memory.
  const settled = () => fleet.settled();
  return {
    list: os.people.list.handler(async ({ context }) => {
      await settled();
      const standings = await services.signIn.factors.standings();
      const items = (await desk.list(context)).map((person) => ({
        ...personSummary(services, context, person),
        ...standingOf(standings, person),
      }));
      return { items };
    }),
    show: os.people.show.handler(async ({ input, context }) => {
      await settled();
      return shown(context, await desk.find(context, input.id));
    }),
    create: os.people.create.handler(async ({ input, context }) => {
      await settled();
      const person = await desk.create(context, input.name, input.grants);
      return { person: await shown(context, person), invitation: await invite(context, person.id) };
    }),
    invite: os.people.invite.handler(async ({ input, context }) => {
      await settled();
      const { id } = await desk.mustManage(context, input.id, 'person.write');
      return invite(context, id);
    }),
    update: os.people.update.handler(async ({ input: { id, name, isDisabled }, context }) => {
      await settled();
      if (name !== undefined) await desk.rename(context, id, name);
      if (isDisabled !== undefined) await desk.setDisabled(context, id, isDisabled);
      return shown(context, await desk.find(context, id, 'person.write'));
    }),
    remove: os.people.remove.handler(async ({ input, context }) => {
      await settled();
      await desk.remove(context, input.id);
      return { removed: true as const };
    }),
    grant: os.people.grant.handler(async ({ input, context }) => {
      await settled();
      return grantSummary(services, await desk.grant(context, input.id, input.grant));
    }),
    ungrant: os.people.ungrant.handler(async ({ input, context }) => {
      await settled();
      await desk.ungrant(context, input.id, input.grant);
      return { removed: true as const };
    }),
    why: os.people.why.handler(async ({ input, context }) => {
      await settled();
      const person = await desk.find(context, input.id);
      const { considered, ...answer } = askWhy(services, context, person, input);
      const told = considered.map(({ grant, ...one }) => ({ ...one, grant: grantSummary(services, grant) }));
      return { ...answer, considered: told };
    }),
  };
}

function grantSummary({ fleet, clock }: ApiServices, grant: Grant): GrantSummary {
  const { verbs } = grant;
  const name = overName(fleet.places, grant.over);
  return { ...grant, verbs: [...verbs], overName: name, isActive: holdsAt(grant, clock.now()) };
}

function personSummary(services: ApiServices, { actor }: ApiContext, person: KnownPerson): PersonSummary {
  const { id, name, createdAt, disabledAt } = person;
  const isSelf = actor.kind === 'person' && actor.id === id;
  const grants = person.grants.map((grant) => grantSummary(services, grant));
  return { id, name, createdAt, disabledAt, isSelf, grants };
}

function standingOf(standings: ReadonlyMap<string, SignInStanding>, { id }: KnownPerson) {
  const { factors, lastSeenAt } = standings.get(id) ?? NO_STANDING;
  return { factors: [...factors], lastSeenAt };
}

export function roleProcedures(os: Guarded) {
  const items = ROLE_NAMES.map((name) => ({
    name,
    sentence: ROLES[name].sentence,
    // What everybody has over themselves is no role's.
    verbs: verbsOfRole(name)
      .filter((verb) => !isOwnVerb(verb))
      .map((verb) => ({ verb, sentence: sentenceOf(verb), isDangerous: isDangerousVerb(verb) })),
  }));
  return { list: os.roles.list.handler(() => ({ items })) };
}
