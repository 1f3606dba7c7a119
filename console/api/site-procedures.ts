// Customers, their sites, and the charters of sites.
import { charterOf, judgeCharter, storeCharter } from '#console/trust/charter-service.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Guarded } from './guard.ts';
import { notBuilt } from './not-built.ts';
import type { ApiServices } from './services.ts';

export function customerProcedures(os: Guarded, _services: ApiServices) {
  return {
    list: os.customers.list.handler(notBuilt),
    create: os.customers.create.handler(notBuilt),
    update: os.customers.update.handler(notBuilt),
    removal: os.customers.removal.handler(notBuilt),
    remove: os.customers.remove.handler(notBuilt),
  };
}

export function siteProcedures(os: Guarded, services: ApiServices) {
  const { sites, store, trust, links, clock } = services;
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
    update: os.sites.update.handler(notBuilt),
    removal: os.sites.removal.handler(notBuilt),
    remove: os.sites.remove.handler(notBuilt),
    charter: os.sites.charter.handler(({ input, context }) => charterOf(store.db, context.scope, input.id)),
    putCharter: os.sites.putCharter.handler(async ({ input, context }) => {
      const request = { site: input.id, signed: input.signed, owner: trust.owner };
      const judged = await judgeCharter(store.db, context.scope, request);
      await store.transaction((tx) => storeCharter(tx, judged, clock.now()));
      await links.offerCharter(input.id);
      return { version: judged.charter.version };
    }),
  };
}
