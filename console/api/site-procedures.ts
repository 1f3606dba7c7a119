// Customers, their sites, and the charters of sites.
import { by } from '#console/access/can.ts';
import { brakesOf, judgeBrake, storeBrake } from '#console/trust/brake-service.ts';
import { charterOf, judgeCharter, storeCharter } from '#console/trust/charter-service.ts';
import { AppError } from '#shared/base/errors.ts';
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
  const { sites, removals, fleet, store, trust, links, clock, audit } = services;
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
    brake: os.sites.brake.handler(async ({ input, context }) => ({
      signed: await brakesOf(store.db, context.scope, input.id),
    })),
    putBrake: os.sites.putBrake.handler(async ({ input: { id, signed }, context }) => {
      const brake = await judgeBrake(store.db, context.scope, id, signed);
      await store.transaction(async (tx) => {
        await storeBrake(tx, context.scope, { brake, signed }, clock.now());
        const detail = { id: brake.id, reason: brake.reason };
        const row = { verb: `site.${brake.kind}`, resource: `site:${id}`, outcome: 'ok' as const, detail };
        await audit.append(tx, { ...by(context), ...row });
      });
      return { kind: brake.kind, told: await links.offerBrakes(id) };
    }),
  };
}
