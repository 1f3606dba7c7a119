// Signing in and out, proving oneself once more, and the sessions somebody has open.
import type { Caller, PersonActor } from '#console/access/can.ts';
import { passkeyPlace } from '#console/access/passkey-proof.ts';
import type { SignedIn } from '#console/access/people.ts';
import { AppError } from '#shared/base/errors.ts';
import { type ApiContext, sessionCookie } from './api-context.ts';
import { type Guarded, permitted } from './guard.ts';
import { meOf } from './me-answer.ts';
import type { ApiServices } from './services.ts';

/** The person who asks, with what an audit row needs. */
export function ownCaller(context: ApiContext): Caller & { actor: PersonActor } {
  if (context.actor.kind !== 'person') throw new AppError('unauthenticated', 'nobody is signed in');
  return { actor: context.actor, address: context.address };
}

/** Throws where no passkey works: pages are told so by /session/methods before. */
export function placeOf(context: ApiContext) {
  const place = passkeyPlace(context.origin);
  if (place === undefined)
    throw new AppError('bad-request', 'passkeys work under a name of this console alone, over https or on localhost');
  return place;
}

/** Oneself needs no right; somebody else's sessions and tokens are looked at and ended by who may look after people. */
export async function personAsked(
  services: ApiServices,
  context: ApiContext,
  { person, permission }: { person: string | undefined; permission: 'person.read' | 'person.write' },
): Promise<string> {
  const { actor } = ownCaller(context);
  if (person === undefined || person === actor.id) return actor.id;
  const danger = permission === 'person.read' ? 'safe' : 'dangerous';
  const scope = await permitted(services, actor, { permission, danger, audit: 'none' });
  // People belong to no customer: who looks after a part of the estate looks after no people.
  if (scope.kind !== 'everything') throw new AppError('denied', `you may not ${permission} everywhere`);
  return person;
}

export function sessionProcedures(os: Guarded, services: ApiServices) {
  return { ...doorProcedures(os, services), ...ownProcedures(os, services), ...listProcedures(os, services) };
}

/** For everybody. */
function doorProcedures(os: Guarded, services: ApiServices) {
  const { people, signIn, clock } = services;
  const opened = (context: ApiContext, signedIn: SignedIn) => {
    const seconds = Math.floor((signedIn.expiresAt - clock.now()) / 1_000);
    context.resHeaders?.append('set-cookie', sessionCookie(signedIn.session, context.isSecure, seconds));
    return meOf(services, signedIn.actor, signedIn.expiresAt);
  };
  return {
    create: os.session.create.handler(async ({ input, context }) =>
      opened(context, await people.signIn(input.secret, context.address, context.agent, context.session)),
    ),
    password: os.session.password.handler(async ({ input, context }) =>
      opened(context, await signIn.doors.byPassword(input, context)),
    ),
    passkeyChallenge: os.session.passkeyChallenge.handler(async ({ context }) => {
      const { rpId } = placeOf(context);
      return { rpId, ...(await signIn.challenges.make({ kind: 'prove' })) };
    }),
    passkey: os.session.passkey.handler(async ({ input, context }) =>
      opened(context, await signIn.doors.byPasskey(input, placeOf(context), context)),
    ),
    methods: os.session.methods.handler(({ context }) => {
      const place = passkeyPlace(context.origin);
      return { passkey: place === undefined ? null : { rpId: place.rpId }, oidc: signIn.provider };
    }),
  };
}

/** Of the session that asks. */
function ownProcedures(os: Guarded, services: ApiServices) {
  const { people, signIn, clock, urls } = services;
  const again = (context: ApiContext) => {
    const { actor } = ownCaller(context);
    return meOf(services, { ...actor, steppedUpAt: clock.now() }, context.expiresAt);
  };
  return {
    stepUp: os.session.stepUp.handler(async ({ input, context }) => {
      await signIn.doors.stepUp(ownCaller(context), input.code);
      return again(context);
    }),
    stepUpPasskey: os.session.stepUpPasskey.handler(async ({ input, context }) => {
      await signIn.doors.stepUpByPasskey(ownCaller(context), input, placeOf(context));
      return again(context);
    }),
    createLink: os.session.createLink.handler(async ({ context }) => {
      const caller = ownCaller(context);
      const { secret, expiresAt } = await people.createSignInLink(caller, caller.actor.id, linkKindFor(caller.actor));
      // Behind the #: browsers keep a fragment to themselves, so it reaches no log and no proxy.
      return { url: `${urls.browser}/sign-in#${secret}`, expiresAt };
    }),
    remove: os.session.remove.handler(async ({ context }) => {
      if (context.session !== undefined) await people.signOut(context, context.session);
      context.resHeaders?.append('set-cookie', sessionCookie('', context.isSecure, 0));
      return { signedOut: true as const };
    }),
    me: os.session.me.handler(({ context }) => meOf(services, ownCaller(context).actor, context.expiresAt)),
  };
}

/** A link opens a session that is cut by nothing, so a limited token makes none; one made in a session opens no more than that. */
function linkKindFor({ via, limits, mustEnrol }: PersonActor): 'local' | 'own' | 'invite' {
  if (limits !== undefined) throw new AppError('denied', 'a limited API token makes no sign-in links');
  if (via === 'token') return 'local';
  return mustEnrol ? 'invite' : 'own';
}

function listProcedures(os: Guarded, services: ApiServices) {
  const { people } = services;
  return {
    list: os.session.list.handler(async ({ input, context }) => {
      const person = await personAsked(services, context, { person: input.person, permission: 'person.read' });
      const current = ownCaller(context).actor.session;
      const rows = await people.sessions.listOf(person);
      return {
        items: rows.map(({ id, createdAt, lastSeenAt, expiresAt, via, address, agent }) => ({
          ...{ id, createdAt, lastSeenAt, expiresAt, via, address, agent, isCurrent: id === current },
        })),
      };
    }),
    end: os.session.end.handler(async ({ input, context }) => {
      const person = await people.sessions.personOf(input.id);
      // One that is over already is what was asked for.
      if (person === undefined) return { ended: 0 };
      await personAsked(services, context, { person, permission: 'person.write' });
      return { ended: (await people.sessions.end(context, input.id)) ? 1 : 0 };
    }),
    endAll: os.session.endAll.handler(async ({ input, context }) => {
      const person = await personAsked(services, context, { person: input.person, permission: 'person.write' });
      return { ended: await people.sessions.endAll(context, person, ownCaller(context).actor.session) };
    }),
  };
}
