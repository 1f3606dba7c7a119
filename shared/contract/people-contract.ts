// People, what each may do and why; and the roles that ship.
import { z } from 'zod';
import { GrantEffect, GrantOver, NewGrant, RoleName, WeeklyHours } from '#shared/model/grant.ts';
import { plainName } from '#shared/model/plain-name.ts';
import { endangers, operation, reads, secretly } from './meta.ts';

export const PersonName = plainName(120);

export const GrantSummary = z.object({
  id: z.string(),
  effect: GrantEffect,
  role: RoleName.nullable(),
  /** Patterns of verbs: the role's own where it is a role. */
  verbs: z.array(z.string()),
  over: GrantOver,
  /** What people call that part of the estate; null for everything, and where it is gone. */
  overName: z.string().nullable(),
  from: z.int().nullable(),
  until: z.int().nullable(),
  hours: WeeklyHours.nullable(),
  /** It holds at this moment. */
  isActive: z.boolean(),
});
export type GrantSummary = z.infer<typeof GrantSummary>;

export const PersonSummary = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.int(),
  /** Since when they may not sign in; null while they may. */
  disabledAt: z.int().nullable(),
  isSelf: z.boolean(),
  /** What they can sign in with; absent where nobody looked. */
  factors: z.array(z.enum(['passkey', 'password', 'totp', 'recovery', 'oidc'])).optional(),
  /** Of their sessions; null when none was ever open, or all are forgotten. */
  lastSeenAt: z.int().nullable().optional(),
  grants: z.array(GrantSummary),
});
export type PersonSummary = z.infer<typeof PersonSummary>;

/** A link that signs its person in once, and is shown once. */
const Invitation = z.object({ url: z.string(), expiresAt: z.int() });

export const RoleSummary = z.object({
  name: RoleName,
  sentence: z.string(),
  /** Each verb that the role holds, with one plain sentence. */
  verbs: z.array(z.object({ verb: z.string(), sentence: z.string(), isDangerous: z.boolean() })),
});
export type RoleSummary = z.infer<typeof RoleSummary>;

export const Considered = z.object({
  grant: GrantSummary,
  /** It speaks of this verb, of this thing and of this moment: it counts. */
  counts: z.boolean(),
  text: z.string(),
});

export const Why = z.object({
  allowed: z.boolean(),
  /** The verb that was asked; an action's name stands for the verb that orders it. */
  verb: z.string(),
  resource: z.string().nullable(),
  /** Id of the grant that decided; else the name of the rule, such as "no-grant" or "own". */
  rule: z.string(),
  text: z.string(),
  considered: z.array(Considered),
});
export type Why = z.infer<typeof Why>;

const tags = ['People'];
const ById = z.object({ id: z.uuid() });

export const peopleContract = {
  list: operation
    .meta(reads('person.read'))
    .route({ method: 'GET', path: '/people', summary: 'List people with what each may do', tags })
    .output(z.object({ items: z.array(PersonSummary) })),
  show: operation
    .meta(reads('person.read'))
    .route({ method: 'GET', path: '/people/{id}', summary: 'One person with what they may do', tags })
    .input(ById)
    .output(PersonSummary),
  create: operation
    .meta(secretly(endangers('person.grant')))
    .route({
      method: 'POST',
      path: '/people',
      summary: 'Invite a person; answers with a sign-in link that is shown once',
      successStatus: 201,
      tags,
    })
    .input(z.object({ name: PersonName, grants: z.array(NewGrant).max(50).default([]) }))
    .output(z.object({ person: PersonSummary, invitation: Invitation })),
  invite: operation
    .meta(secretly(endangers('person.write')))
    .route({
      method: 'POST',
      path: '/people/{id}/invite',
      summary: 'Make another sign-in link for a person',
      successStatus: 201,
      tags,
    })
    .input(ById)
    .output(Invitation),
  update: operation
    .meta(endangers('person.write'))
    .route({ method: 'PATCH', path: '/people/{id}', summary: 'Rename, disable or enable a person', tags })
    .input(ById.extend({ name: PersonName.optional(), isDisabled: z.boolean().optional() }))
    .output(PersonSummary),
  remove: operation
    .meta(endangers('person.remove'))
    .route({
      method: 'DELETE',
      path: '/people/{id}',
      summary: 'Remove a person with their sessions, tokens and grants; what they did stays in the audit',
      tags,
    })
    .input(ById)
    .output(z.object({ removed: z.literal(true) })),
  grant: operation
    .meta(endangers('person.grant'))
    .route({
      method: 'POST',
      path: '/people/{id}/grants',
      summary: 'Allow or deny a person something; it holds at once',
      successStatus: 201,
      tags,
    })
    // The body names the grant as a whole: its refinements belong to it.
    .input(ById.extend({ grant: NewGrant }))
    .output(GrantSummary),
  ungrant: operation
    .meta(endangers('person.grant'))
    .route({
      method: 'DELETE',
      path: '/people/{id}/grants/{grant}',
      summary: 'Take a grant from a person; it ends at once',
      tags,
    })
    .input(ById.extend({ grant: z.uuid() }))
    .output(z.object({ removed: z.literal(true) })),
  why: operation
    .meta(reads('person.read'))
    .route({
      method: 'GET',
      path: '/people/{id}/why',
      summary: 'Which rule lets a person do something, or stops them',
      tags,
    })
    .input(
      ById.extend({
        /** A verb such as "device.read", or an action such as "reboot". */
        verb: z.string().trim().min(1).max(60),
        /** "device:…", "site:…" or "customer:…" with an id or a name; a name alone is a device's. The console itself when absent. */
        resource: z.string().trim().min(1).max(300).optional(),
      }),
    )
    .output(Why),
};

export const roleContract = {
  list: operation
    .meta(reads('role.read'))
    .route({ method: 'GET', path: '/roles', summary: 'The roles, each with its verbs and a sentence each', tags })
    .output(z.object({ items: z.array(RoleSummary) })),
};
