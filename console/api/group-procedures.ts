// Groups, tags and saved views.
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function groupProcedures(os: Guarded, { groups, fleet }: ApiServices) {
  return {
    list: os.groups.list.handler(async ({ context }) => ({ items: await groups.list(context.scope) })),
    create: os.groups.create.handler(async ({ input, context }) =>
      groups.find(context.scope, await groups.create(context, input)),
    ),
    update: os.groups.update.handler(async ({ input: { id, ...change }, context }) => {
      await groups.update(context, id, change);
      return groups.find(context.scope, id);
    }),
    remove: os.groups.remove.handler(async ({ input, context }) => {
      await groups.remove(context, input.id);
      await fleet.settled();
      return { removed: true as const };
    }),
    changeMembers: os.groups.changeMembers.handler(async ({ input: { id, ...change }, context }) => {
      const done = await groups.changeMembers(context, context.scope, id, change);
      await fleet.settled();
      return done;
    }),
  };
}

export function tagProcedures(os: Guarded, { tags, fleet }: ApiServices) {
  // The next list shows what this answer says was done.
  const done = async (change: Promise<number>) => {
    const devices = await change;
    await fleet.settled();
    return { devices };
  };
  return {
    list: os.tags.list.handler(async ({ context }) => ({ items: await tags.list(context.scope) })),
    change: os.tags.change.handler(({ input, context }) => done(tags.change(context, context.scope, input))),
    rename: os.tags.rename.handler(({ input, context }) =>
      done(tags.rename(context, context.scope, input.tag, input.to)),
    ),
    remove: os.tags.remove.handler(({ input, context }) => done(tags.remove(context, context.scope, input.tag))),
  };
}

export function viewProcedures(os: Guarded, { views }: ApiServices) {
  return {
    list: os.views.list.handler(async ({ context }) => ({ items: await views.list(context) })),
    create: os.views.create.handler(({ input, context }) => views.create(context, input)),
    remove: os.views.remove.handler(async ({ input, context }) => {
      await views.remove(context, input.id);
      return { removed: true as const };
    }),
  };
}
