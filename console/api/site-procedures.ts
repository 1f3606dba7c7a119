// Customers, their sites, and the charters of sites.
import { charterOf, judgeCharter, storeCharter } from '#console/trust/charter-service.ts';
import { AppError } from '#shared/base/errors.ts';
import { brakeProcedures } from './brake-procedures.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function customerProcedures(os: Guarded, { customers, removals, fleet }: ApiServices) {
  return {
    list: os.customers.list.handler(async ({ context }) => ({ items: await customers.list(context.scope) })),
    create: os.customers.create.handler(({ input, context }) => customers.create(context, input)),
    update: os.customers.update.handler(({ input: { id, ...change }, context }) =>
      customers.update(context, context.scope, id, change),
    ),
    removal: os.customers.removal.handler(({ input, context }) => removals.previewCustomer(context.scope, input.id)),
    remove: os.customers.remove.handler(async ({ input, context }) => {
      const removed = await removals.removeCustomer(context, context.scope, input);
      await fleet.settled();
      return removed;
    }),
  };
}

export function siteProcedures(os: Guarded, services: ApiServices) {
  const { sites, removals, fleet, store, trust, links, clock } = services;
  return {
    list: os.sites.list.handler(async ({ context }) => ({ items: await sites.list(context.scope) })),
    create: os.sites.create.handler(async ({ input, context }) => {
      const site = await sites.create(context, input);
      await trust.charterFirst(site.id);
      return site;
    }),
    show: os.sites.show.handler(async ({ input, context }) => {
      const site = await sites.find(context.scope, input.id);
      if (site === undefined) throw new AppError('not-found', `no site ${input.id}`);
      return site;
    }),
    update: os.sites.update.handler(({ input: { id, ...change }, context }) =>
      sites.update(context, context.scope, id, change),
    ),
    removal: os.sites.removal.handler(({ input, context }) => removals.previewSite(context.scope, input.id)),
    remove: os.sites.remove.handler(async ({ input, context }) => {
      const removed = await removals.removeSite(context, context.scope, input);
      await fleet.settled();
      return removed;
    }),
    charter: os.sites.charter.handler(({ input, context }) => charterOf(store.db, context.scope, input.id)),
    putCharter: os.sites.putCharter.handler(async ({ input, context }) => {
      const request = { site: input.id, signed: input.signed, owner: trust.owner };
      const judged = await judgeCharter(store.db, context.scope, request);
      await store.transaction((tx) => storeCharter(tx, judged, clock.now()));
      await links.offerCharter(input.id);
      return { version: judged.charter.version };
    }),
    ...brakeProcedures(os, services),
  };
}
