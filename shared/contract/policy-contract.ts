// What people say of watching: layers, maintenance windows and local routes; drafted here, signed by human keys, carried to relays.
import { z } from 'zod';
import { CustomerId, DeviceId, SiteId, WindowId } from '#shared/base/id.ts';
import { PRESENCES } from '#shared/model/alert-words.ts';
import { Check, CheckId } from '#shared/model/check.ts';
import { PartWish, WatchPart } from '#shared/model/watch-part.ts';
import { LAYER_LEVELS, SignedWatch } from '#shared/model/watch-policy.ts';
import { endangers, operation, reads, writes } from './meta.ts';

const tags = ['Policies'];

/** Of a customer, of one site, or of all that may be seen. */
const Which = z.object({ customerId: CustomerId.optional(), siteId: SiteId.optional() });

export const WatchedSite = z.object({
  siteId: SiteId,
  siteName: z.string(),
  customerId: CustomerId,
  customerName: z.string(),
  /** Of the document in force; null while nobody has signed one: its relays go by what is shipped. */
  version: z.int().nullable(),
  signedAt: z.int().nullable(),
  /** What is drafted is what is in force. */
  isCurrent: z.boolean(),
});
export type WatchedSite = z.infer<typeof WatchedSite>;

export const WatchDraft = z.object({
  /** The canonical text that is to be signed: read it, and nothing else of the draft. */
  text: z.string(),
  version: z.int(),
  customerId: CustomerId,
  customerName: z.string(),
  sites: z.array(z.object({ id: SiteId, name: z.string() })),
  /** Text of the document that is in force at these sites, where all have the same. */
  before: z.string().nullable(),
});
export type WatchDraft = z.infer<typeof WatchDraft>;

const Source = z.discriminatedUnion('level', [
  z.object({ level: z.literal('shipped') }),
  z.object({
    level: z.enum(LAYER_LEVELS),
    layer: z.string(),
    name: z.string(),
    priority: z.int(),
    isEnforced: z.boolean(),
  }),
]);
/** `wins`: it holds. `overruled`: a more special or higher one says something else. `blocked`: a more general one enforces. */
const said = <T extends z.ZodType>(value: T) =>
  z.object({ source: Source, value, fate: z.enum(['wins', 'overruled', 'blocked']), by: Source.optional() });

export const EffectiveWatch = z.object({
  device: z.object({ id: DeviceId, name: z.string() }),
  /** By what is in force, or by what is drafted. */
  by: z.enum(['active', 'draft']),
  version: z.int().nullable(),
  presence: z.enum(PRESENCES),
  presenceSaid: z.array(said(z.enum(PRESENCES))),
  /** Each check that anybody spoke of; null: a layer took it away. It is judged when it is on. */
  checks: z.array(z.object({ id: CheckId, check: Check.nullable(), said: z.array(said(Check.nullable())) })),
  /** Names of layers that it is a member of, general to special, and of those that pass it over. */
  layers: z.array(z.string()),
  passedOver: z.array(z.string()),
  parent: z.object({ id: DeviceId, name: z.string(), by: z.enum(['hand', 'learnt']) }).nullable(),
  /** Somebody said that it hangs on nothing. */
  hasNoParent: z.boolean(),
});
export type EffectiveWatch = z.infer<typeof EffectiveWatch>;

export const PlanChange = z.object({
  what: z.enum(['check', 'presence', 'health', 'window', 'route']),
  /** Of the check, window or route. */
  id: z.string(),
  name: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  /** What differs, in plain words. */
  detail: z.string(),
  /** Of a check or presence: how many devices it changes for, and the names of some. */
  devices: z.int(),
  examples: z.array(z.string()),
});
export type PlanChange = z.infer<typeof PlanChange>;

export const WatchPlan = z.object({
  sites: z.int(),
  devices: z.int(),
  /** Devices for which something changes. */
  changed: z.int(),
  changes: z.array(PlanChange),
  /** Longer plans are cut; this many more there are. */
  left: z.int(),
});
export type WatchPlan = z.infer<typeof WatchPlan>;

const PartId = z.object({ id: z.uuid() });

export const policyContract = {
  list: operation
    .meta(reads('policy.read'))
    .route({
      method: 'GET',
      path: '/policies/parts',
      summary: 'Layers, windows and local routes as they are drafted',
      tags,
    })
    .output(z.object({ items: z.array(WatchPart) })),
  create: operation
    .meta(writes('policy.write'))
    .route({
      method: 'POST',
      path: '/policies/parts',
      summary: 'Draft a layer, window or route',
      successStatus: 201,
      tags,
    })
    .input(z.object({ customerId: CustomerId.nullable(), part: PartWish }))
    .output(PartId),
  update: operation
    .meta(writes('policy.write'))
    .route({ method: 'PUT', path: '/policies/parts/{id}', summary: 'Change a drafted part', tags })
    .input(PartId.extend({ changedAt: z.int(), part: PartWish }))
    .output(z.object({ changedAt: z.int() })),
  remove: operation
    .meta(writes('policy.write'))
    .route({ method: 'DELETE', path: '/policies/parts/{id}', summary: 'Leave a part out of later documents', tags })
    .input(PartId)
    .output(z.object({})),
  sites: operation
    .meta(reads('policy.read'))
    .route({
      method: 'GET',
      path: '/policies/sites',
      summary: 'What each site watches by, and whether a newer draft waits',
      tags,
    })
    .output(z.object({ items: z.array(WatchedSite) })),
  inForce: operation
    .meta(reads('policy.read'))
    .route({ method: 'GET', path: '/policies/sites/{id}', summary: 'The signed document in force at a site', tags })
    .input(z.object({ id: SiteId }))
    .output(z.object({ signed: SignedWatch.nullable(), signers: z.array(z.string()) })),
  draft: operation
    .meta(reads('policy.read'))
    .route({
      method: 'GET',
      path: '/policies/draft',
      summary: 'Documents to sign: one for each customer whose drafts differ',
      tags,
    })
    .input(Which)
    .output(z.object({ items: z.array(WatchDraft) })),
  plan: operation
    .meta(reads('policy.read'))
    .route({
      method: 'GET',
      path: '/policies/plan',
      summary: 'What the drafts would change, and for how many devices',
      tags,
    })
    .input(Which)
    .output(WatchPlan),
  waiting: operation
    .meta(reads('policy.read'))
    .route({
      method: 'GET',
      path: '/policies/documents/waiting',
      summary: 'Documents that want one more signature',
      tags,
    })
    .output(
      z.object({
        items: z.array(
          z.object({
            version: z.int(),
            signed: SignedWatch,
            createdBy: z.string(),
            createdAt: z.int(),
            /** Who still has to sign, or why it cannot come into force any more. */
            lacks: z.string(),
          }),
        ),
      }),
    ),
  put: operation
    .meta(endangers('policy.sign'))
    .route({
      method: 'POST',
      path: '/policies/documents',
      summary: 'Hand over a signed document, or one more signature on it',
      successStatus: 201,
      tags,
    })
    .input(z.object({ signed: SignedWatch }))
    .output(
      z.object({
        version: z.int(),
        state: z.enum(['waiting-for-signature', 'active']),
        /** Who still has to sign, in words; null when nobody. */
        lacks: z.string().nullable(),
      }),
    ),
  effective: operation
    .meta(reads('policy.read'))
    .route({
      method: 'GET',
      path: '/policies/devices/{id}',
      summary: 'What a device is watched by, and who said so',
      tags,
    })
    .input(z.object({ id: DeviceId, by: z.enum(['active', 'draft']).default('active') }))
    .output(EffectiveWatch),
  setParent: operation
    .meta(writes('device.write'))
    .route({ method: 'PUT', path: '/policies/devices/{id}/parent', summary: 'Say what a device hangs on', tags })
    .input(
      z.object({
        id: DeviceId,
        /** Null: on nothing. */
        parentId: DeviceId.nullable(),
        /** Nobody says: it may be learnt from its gateway again. */
        isLearnt: z.boolean().default(false),
      }),
    )
    .output(z.object({})),
  calendar: operation
    .meta(reads('policy.read'))
    .route({
      method: 'GET',
      path: '/policies/calendar',
      summary: 'When drafted windows are open between two times',
      tags,
    })
    .input(z.object({ from: z.coerce.number().int(), to: z.coerce.number().int() }))
    .output(z.object({ items: z.array(z.object({ id: WindowId, from: z.int(), to: z.int() })) })),
};
