// API tokens: for scripts and command lines, limited, with an end, and never above who made them.
import { z } from 'zod';
import { isRange } from '#shared/base/ip-range.ts';
import { GrantOver, VerbPattern } from '#shared/model/grant.ts';
import { operation, reads, secretly, writes } from './meta.ts';

/** "10.0.0.0/8" or a single address. */
export const AddressRange = z.string().max(50).refine(isRange, 'must be an address or a range such as 10.0.0.0/8');

export const TokenView = z.object({
  id: z.string(),
  name: z.string(),
  person: z.string(),
  createdAt: z.int(),
  /** Null only for the command line of the console's own machine. */
  expiresAt: z.int().nullable(),
  /** To the minute. */
  lastUsedAt: z.int().nullable(),
  lastUsedFrom: z.string().nullable(),
  verbs: z.array(z.string()),
  over: z.array(GrantOver),
  addresses: z.array(z.string()),
  /** May do what is dangerous: its maker had proven themself just before. */
  isSteppedUp: z.boolean(),
  /** Of the console's own machine: works over loopback alone. */
  isLocal: z.boolean(),
});
export type TokenView = z.infer<typeof TokenView>;

const route = (method: 'GET' | 'POST' | 'DELETE', path: `/${string}`, summary: string, successStatus = 200) =>
  ({ method, path, summary, successStatus, tags: ['Tokens'] }) as const;

export const tokenContract = {
  list: operation
    .meta(reads('token.read'))
    .route(route('GET', '/tokens', 'API tokens of a person'))
    .input(z.object({ person: z.uuid().optional() }))
    .output(z.object({ items: z.array(TokenView) })),
  create: operation
    .meta(secretly(writes('token.create')))
    .route(route('POST', '/tokens', 'Make an API token; its secret is shown once', 201))
    .input(
      z.object({
        name: z.string().trim().min(1).max(120),
        /** At most a year from now. */
        expiresAt: z.int(),
        verbs: z.array(VerbPattern).min(1).max(50),
        over: z.array(GrantOver).min(1).max(50),
        /** Where it may be used from; none means anywhere. */
        addresses: z.array(AddressRange).max(20).default([]),
      }),
    )
    .output(z.object({ token: TokenView, secret: z.string() })),
  remove: operation
    .meta(writes('token.revoke'))
    .route(route('DELETE', '/tokens/{id}', 'Revoke an API token; it ends at once'))
    .input(z.object({ id: z.uuid() }))
    .output(z.object({ revoked: z.literal(true) })),
};
