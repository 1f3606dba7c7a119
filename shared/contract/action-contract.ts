// Actions: manifests that a human key signed, handed to relays; and what came of them on each device.
import { z } from 'zod';
import { DeviceId, ManifestId, RelayId, SiteId } from '#shared/base/id.ts';
import { TIERS } from '#shared/model/action-tier.ts';
import { FailureClass } from '#shared/model/failure-class.ts';
import { Signature, SignedManifest } from '#shared/model/manifest.ts';
import { CommandState } from '#shared/model/record.ts';
import { endangers, operation, reads, secretly } from './meta.ts';
import { Page, pageOf } from './paging.ts';

/** `waiting-for-signature`: its tier asks for more people; no relay is told of it before they signed. */
export const ActionState = z.enum(['waiting-for-signature', 'queued', 'sent', 'settled']);

export const ActionSummary = z.object({
  id: ManifestId,
  siteId: SiteId,
  relayId: RelayId,
  name: z.string(),
  /** Key ids of those who signed, with spaces between. */
  signer: z.string(),
  reason: z.string(),
  createdAt: z.int(),
  expiresAt: z.int(),
  state: ActionState,
  targets: z.int(),
  /** The part of its batch that goes first: no relay hears of this one before that went well. */
  waitsFor: ManifestId.nullable(),
  /** What its relay ran of itself: `standing:<id>` or `break-glass:<id>`; null for what was handed in here. */
  origin: z.string().nullable(),
  /** Devices per state. */
  counts: z.record(z.string(), z.int()),
});
export type ActionSummary = z.infer<typeof ActionSummary>;

/** A try that did not begin the command on its device. */
export const ActionAttempt = z.object({
  n: z.int(),
  at: z.int(),
  class: FailureClass,
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  /** When it is tried again at the latest; null where it never is. */
  nextAt: z.int().nullable(),
});
export type ActionAttempt = z.infer<typeof ActionAttempt>;

export const ActionOutcome = z.object({
  deviceId: DeviceId,
  deviceName: z.string(),
  state: CommandState,
  at: z.int(),
  startedAt: z.int().nullable(),
  finishedAt: z.int().nullable(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  isTruncated: z.boolean(),
  /** UTF-8 text with invalid bytes replaced; device-made, shown as text only. */
  stdout: z.string().nullable(),
  stderr: z.string().nullable(),
  /** Tries that began nothing, the last twenty at most. */
  attempts: z.array(ActionAttempt),
});
export type ActionOutcome = z.infer<typeof ActionOutcome>;

/** An action as a form asks for it, and as people read of it. */
export const CatalogueEntry = z.object({
  name: z.string(),
  /** In English and German. */
  titles: z.object({ en: z.string(), de: z.string() }),
  tier: z.enum(TIERS),
  /** Systems it is written for; a relay refuses it on any other. */
  systems: z.array(z.string()),
  /** Those of them where nobody of ours has seen it run. */
  unproven: z.array(z.string()),
  parameters: z.array(z.object({ name: z.string(), type: z.string(), isOptional: z.boolean() })),
  timeoutMs: z.int(),
});
export type CatalogueEntry = z.infer<typeof CatalogueEntry>;

/** As many devices as one manifest names. */
const MAX_PREVIEWED = 2_000;

/** How the devices of an order to be stand now; those that one does not see are in none of it. */
export const OrderPreview = z.object({
  devices: z.int(),
  /** Devices per system and per status. */
  systems: z.record(z.string(), z.int()),
  statuses: z.record(z.string(), z.int()),
  /** Their system is known, and the action is written for none of it: their relay will refuse it. */
  unfit: z.array(DeviceId),
  /** In a maintenance window that is open now and speaks of the whole device. */
  inWindow: z.array(DeviceId),
});
export type OrderPreview = z.infer<typeof OrderPreview>;

const ById = z.object({ id: ManifestId });

export const actionContract = {
  submit: operation
    .meta(endangers('action.submit'))
    .route({
      method: 'POST',
      path: '/actions',
      summary: 'Queue manifests that a pinned key has signed',
      successStatus: 201,
      tags: ['Actions'],
    })
    .input(z.object({ signed: z.array(SignedManifest).min(1).max(50) }))
    .output(z.object({ ids: z.array(ManifestId) })),
  catalogue: operation
    .meta(reads('action.read'))
    .route({
      method: 'GET',
      path: '/action-catalogue',
      summary: 'What an order can ask for besides a free command, with parameters, tier and systems',
      tags: ['Actions'],
    })
    .output(z.object({ items: z.array(CatalogueEntry) })),
  preview: operation
    .meta(reads('device.read'))
    .route({
      method: 'POST',
      path: '/actions/preview',
      summary:
        'How the devices of an order to be stand: systems, states, open maintenance windows, and which it does not fit',
      tags: ['Actions'],
    })
    .input(z.object({ action: z.string().min(1).max(64), devices: z.array(DeviceId).min(1).max(MAX_PREVIEWED) }))
    .output(OrderPreview),
  list: operation
    .meta(reads('action.read'))
    .route({ method: 'GET', path: '/actions', summary: 'List actions, newest first', tags: ['Actions'] })
    .input(
      Page.extend({
        state: ActionState.optional(),
        /** What a relay ran of itself under it: `standing:<id>` or `break-glass:<id>`. */
        origin: z
          .string()
          .regex(/^(?:standing|break-glass):[0-9a-f-]{36}$/)
          .optional(),
      }),
    )
    .output(pageOf(ActionSummary)),
  show: operation
    .meta(reads('action.read'))
    .route({
      method: 'GET',
      path: '/actions/{id}',
      summary: 'One action with its outcome on each device',
      tags: ['Actions'],
    })
    .input(ById)
    .output(
      ActionSummary.extend({
        /** The text that was signed; "{}" of what a relay ran of itself. */
        manifest: z.string(),
        outcomes: z.array(ActionOutcome),
      }),
    ),
  batch: operation
    .meta(reads('action.read'))
    .route({
      method: 'GET',
      path: '/actions/{id}/batch',
      summary: 'All manifests that wait under the same signature, for whoever is to sign them too',
      tags: ['Actions'],
    })
    .input(ById)
    .output(z.object({ signed: z.array(SignedManifest) })),
  sign: operation
    .meta(endangers('action.approve'))
    .route({
      method: 'POST',
      path: '/actions/{id}/signatures',
      summary: 'Add a signature to an action that waits for one, and to all of its batch',
      successStatus: 201,
      tags: ['Actions'],
    })
    .input(ById.extend({ signature: Signature }))
    .output(
      z.object({
        ids: z.array(ManifestId),
        /** What its tier still asks for, in words; null when the actions are on their way. */
        lacks: z.string().nullable(),
      }),
    ),
  attach: operation
    .meta(secretly(endangers('action.attach')))
    .route({
      method: 'POST',
      path: '/actions/{id}/attach',
      summary: 'A ticket for the socket of a session that one has opened: good once, for half a minute',
      successStatus: 201,
      tags: ['Actions'],
    })
    .input(ById)
    .output(z.object({ ticket: z.string() })),
  cancel: operation
    .meta(endangers('action.cancel'))
    .route({
      method: 'POST',
      path: '/actions/{id}/cancel',
      summary: 'Stop an action; what runs is killed on the device',
      tags: ['Actions'],
    })
    .input(ById)
    .output(z.object({ cancelled: z.literal(true) })),
};
