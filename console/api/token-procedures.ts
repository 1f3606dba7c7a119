// API tokens of people: listed, made, revoked.
import { AppError } from '#shared/base/errors.ts';
import type { TokenView } from '#shared/contract/token-contract.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';
import { ownCaller, personAsked } from './session-procedures.ts';

type Row = Awaited<ReturnType<ApiServices['people']['apiTokens']['listOf']>>[number];

const viewOf = ({ personId, limits, ...row }: Row): TokenView => ({
  ...row,
  person: personId,
  verbs: limits?.verbs ?? ['*'],
  over: limits?.over ?? [{ kind: 'everything' }],
});

export function tokenProcedures(os: Guarded, services: ApiServices) {
  const { apiTokens } = services.people;
  return {
    list: os.tokens.list.handler(async ({ input, context }) => {
      const person = await personAsked(services, context, { person: input.person, permission: 'person.read' });
      return { items: (await apiTokens.listOf(person)).map(viewOf) };
    }),
    create: os.tokens.create.handler(async ({ input, context }) => {
      const { token, secret } = await apiTokens.create(ownCaller(context), input);
      return { token: viewOf(token), secret };
    }),
    remove: os.tokens.remove.handler(async ({ input, context }) => {
      const token = await apiTokens.byId(input.id);
      if (token === undefined) throw new AppError('not-found', 'there is no such API token');
      await personAsked(services, context, { person: token.personId, permission: 'person.write' });
      await apiTokens.revoke(context, input.id);
      return { revoked: true as const };
    }),
  };
}
