// Groups, tags and saved views: how people sort the fleet.
import { z } from 'zod';
import { FilterText } from '#shared/base/filter/filter-schema.ts';
import { DeviceId, GroupId, ViewId } from '#shared/base/id.ts';
import { MAX_TAGS, Tag } from '#shared/model/device.ts';
import { GroupKind, GroupName } from '#shared/model/group.ts';
import { endangers, operation, reads, writes } from './meta.ts';

export const GroupSummary = z.object({
  id: GroupId,
  name: z.string(),
  description: z.string(),
  kind: GroupKind,
  /** The filter of a rule group. */
  rule: z.string().nullable(),
  /** A group that this one narrows. */
  parentId: GroupId.nullable(),
  /** Came with the product; it may be changed and removed all the same. */
  isShipped: z.boolean(),
  devices: z.int(),
  /** Why the rule cannot be read any more, for instance a group it names is gone. */
  fault: z.string().nullable(),
  createdAt: z.int(),
});
export type GroupSummary = z.infer<typeof GroupSummary>;

const GroupById = z.object({ id: GroupId });
const Description = z.string().trim().max(500);
/** As many as a fleet page selects at once. */
const Devices = z.array(DeviceId).min(1).max(25_000);

export const groupContract = {
  list: operation
    .meta(reads('group.read'))
    .route({
      method: 'GET',
      path: '/groups',
      summary: 'List groups with the number of their members',
      tags: ['Groups'],
    })
    .output(z.object({ items: z.array(GroupSummary) })),
  create: operation
    .meta(writes('group.write'))
    .route({ method: 'POST', path: '/groups', summary: 'Make a group', successStatus: 201, tags: ['Groups'] })
    .input(
      z.object({
        name: GroupName,
        description: Description.default(''),
        kind: GroupKind,
        rule: FilterText.optional(),
        parentId: GroupId.optional(),
      }),
    )
    .output(GroupSummary),
  update: operation
    .meta(writes('group.write'))
    .route({ method: 'PATCH', path: '/groups/{id}', summary: 'Change a group or its rule', tags: ['Groups'] })
    .input(
      GroupById.extend({
        name: GroupName.optional(),
        description: Description.optional(),
        rule: FilterText.optional(),
        parentId: GroupId.nullable().optional(),
      }),
    )
    .output(GroupSummary),
  remove: operation
    .meta(endangers('group.remove'))
    .route({ method: 'DELETE', path: '/groups/{id}', summary: 'Remove a group; its devices stay', tags: ['Groups'] })
    .input(GroupById)
    .output(z.object({ removed: z.literal(true) })),
  changeMembers: operation
    .meta(writes('group.write'))
    .route({
      method: 'POST',
      path: '/groups/{id}/members',
      summary: 'Put devices into a group or take them out; by hand only',
      tags: ['Groups'],
    })
    .input(GroupById.extend({ add: Devices.optional(), remove: Devices.optional() }))
    .output(z.object({ added: z.int(), removed: z.int() })),
};

export const tagContract = {
  list: operation
    .meta(reads('device.read'))
    .route({ method: 'GET', path: '/tags', summary: 'List tags with the number of their devices', tags: ['Tags'] })
    .output(z.object({ items: z.array(z.object({ tag: z.string(), devices: z.int() })) })),
  change: operation
    .meta(writes('device.write'))
    .route({ method: 'POST', path: '/tags', summary: 'Put tags on devices or take them off', tags: ['Tags'] })
    .input(
      z.object({
        devices: Devices,
        add: z.array(Tag).max(MAX_TAGS).default([]),
        remove: z.array(Tag).max(MAX_TAGS).default([]),
      }),
    )
    .output(z.object({ devices: z.int() })),
  rename: operation
    .meta(writes('device.write'))
    .route({ method: 'PATCH', path: '/tags/{tag}', summary: 'Rename a tag on every device', tags: ['Tags'] })
    .input(z.object({ tag: Tag, to: Tag }))
    .output(z.object({ devices: z.int() })),
  remove: operation
    .meta(endangers('tag.remove'))
    .route({ method: 'DELETE', path: '/tags/{tag}', summary: 'Take a tag off every device', tags: ['Tags'] })
    .input(z.object({ tag: Tag }))
    .output(z.object({ devices: z.int() })),
};

const ViewSearch = z.record(z.string().max(40), z.union([z.string().max(2_000), z.number(), z.boolean()]));

export const SavedView = z.object({
  id: ViewId,
  page: z.string(),
  name: z.string(),
  /** The page's own search parameters. */
  search: ViewSearch,
  isShared: z.boolean(),
  isOwn: z.boolean(),
  createdAt: z.int(),
});
export type SavedView = z.infer<typeof SavedView>;

export const viewContract = {
  list: operation
    .meta(reads('view.read'))
    .route({ method: 'GET', path: '/views', summary: "Saved views: one's own and shared ones", tags: ['Views'] })
    .output(z.object({ items: z.array(SavedView) })),
  create: operation
    .meta(writes('view.write'))
    .route({ method: 'POST', path: '/views', summary: 'Save a view', successStatus: 201, tags: ['Views'] })
    .input(
      z.object({
        page: z.enum(['fleet']),
        name: z.string().trim().min(1).max(80),
        search: ViewSearch,
        isShared: z.boolean().default(false),
      }),
    )
    .output(SavedView),
  remove: operation
    .meta(writes('view.write'))
    .route({ method: 'DELETE', path: '/views/{id}', summary: "Forget a saved view of one's own", tags: ['Views'] })
    .input(z.object({ id: ViewId }))
    .output(z.object({ removed: z.literal(true) })),
};
