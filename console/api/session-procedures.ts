// Signing in and out. The secret of a link is worth nothing after its first use.

import { AppError } from '#shared/base/errors.ts';
import { VERSION } from '#shared/runtime/version.ts';
import { type ApiContext, sessionCookie } from './api-context.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

function personOf(context: ApiContext): { id: string; name: string } {
  if (context.actor.kind !== 'person') throw new AppError('unauthenticated', 'nobody is signed in');
  return context.actor;
}

const notYet = (): never => {
  throw new AppError('unavailable', 'this console cannot do that yet');
};

export function sessionProcedures(os: Guarded, services: ApiServices) {
  const { people, trust, clock, urls } = services;
  const me = (person: { id: string; name: string }) => ({
    person: person.id,
    name: person.name,
    version: VERSION,
    hasUnexportedOwner: trust.hasUnexportedOwner(),
    hasUnwrittenPaper: trust.hasUnwrittenPaper(),
    roles: ['owner'],
    verbs: ['*'],
    mustEnrol: false,
    steppedUpUntil: null,
    expiresAt: null,
    session: null,
  });
  return {
    create: os.session.create.handler(async ({ input, context }) => {
      const signedIn = await people.signIn(input.secret, context.address);
      const seconds = Math.floor((signedIn.expiresAt - clock.now()) / 1_000);
      context.resHeaders?.append('set-cookie', sessionCookie(signedIn.session, context.isSecure, seconds));
      return me(signedIn.person);
    }),
    createLink: os.session.createLink.handler(async ({ context }) => {
      const { secret, expiresAt } = await people.createSignInLink(context, personOf(context).id);
      // Behind the #: browsers keep a fragment to themselves, so it reaches no log and no proxy.
      return { url: `${urls.browser}/sign-in#${secret}`, expiresAt };
    }),
    remove: os.session.remove.handler(async ({ context }) => {
      if (context.session !== undefined) await people.signOut(context, context.session);
      context.resHeaders?.append('set-cookie', sessionCookie('', context.isSecure, 0));
      return { signedOut: true as const };
    }),
    password: os.session.password.handler(notYet),
    passkeyChallenge: os.session.passkeyChallenge.handler(notYet),
    passkey: os.session.passkey.handler(notYet),
    methods: os.session.methods.handler(() => ({ passkey: null, oidc: null })),
    stepUp: os.session.stepUp.handler(notYet),
    stepUpPasskey: os.session.stepUpPasskey.handler(notYet),
    list: os.session.list.handler(() => ({ items: [] })),
    end: os.session.end.handler(notYet),
    endAll: os.session.endAll.handler(notYet),
    me: os.session.me.handler(({ context }) => me(personOf(context))),
  };
}
