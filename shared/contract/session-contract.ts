// Signing in with a one-time link, and who one is.
import { z } from 'zod';
import { endangers, operation, reads, secretly, writes } from './meta.ts';

export const Me = z.object({
  person: z.string(),
  name: z.string(),
  version: z.string(),
  /** An owner key lies on the console's disk: who takes the machine decides on charters. */
  hasUnexportedOwner: z.boolean(),
  /** The second owner key waits there to be written on paper. */
  hasUnwrittenPaper: z.boolean(),
});
export type Me = z.infer<typeof Me>;

export const sessionContract = {
  /** The secret travels in the body, never in a URL that a log could keep. */
  create: operation
    .meta(secretly(writes('public')))
    .route({ method: 'POST', path: '/session', summary: 'Sign in with a one-time link', tags: ['Session'] })
    .input(z.object({ secret: z.string().min(20).max(200) }))
    .output(Me),
  createLink: operation
    .meta(secretly(endangers('session.invite')))
    .route({
      method: 'POST',
      path: '/session/links',
      summary: 'Make a one-time sign-in link',
      successStatus: 201,
      tags: ['Session'],
    })
    .output(z.object({ url: z.string(), expiresAt: z.int() })),
  remove: operation
    .meta(writes('session.end'))
    .route({ method: 'DELETE', path: '/session', summary: 'Sign out', tags: ['Session'] })
    .output(z.object({ signedOut: z.literal(true) })),
  me: operation
    .meta(reads('session.read'))
    .route({ method: 'GET', path: '/me', summary: 'Who am I', tags: ['Session'] })
    .output(Me),
};
