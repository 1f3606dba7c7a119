// The brake of a site: frozen by one guardian, thawed by several people, whose signatures are gathered here.
import { by, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Tx } from '#console/store/engine.ts';
import { brakesOf, judgeBrake, storeBrake } from '#console/trust/brake-service.ts';
import { judgeThaw, keepThaw, waitingThaw } from '#console/trust/thaw-service.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { Brake, SignedBrake } from '#shared/model/freeze.ts';
import { isEverywhere } from '#shared/seal/freeze-seal.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function brakeProcedures(os: Guarded, services: ApiServices) {
  const { store, links, clock, sites } = services;
  return {
    brake: os.sites.brake.handler(async ({ input: { id }, context: { scope } }) => ({
      signed: await brakesOf(store.db, scope, id),
      waiting: (await waitingThaw(store.db, scope, id)) ?? null,
    })),
    putBrake: os.sites.putBrake.handler(async ({ input: { id, signed }, context }) => {
      const brake = await take(services, context, id, signed);
      return { kind: brake.kind, told: await links.offerBrakes(id) };
    }),
    freezeAll: os.sites.freezeAll.handler(async ({ input: { signed }, context }) => {
      if (!isEverywhere(signed)) throw new AppError('bad-request', 'this is no freeze of every site');
      const items = [];
      // Each for itself: a site that this guardian may not stop keeps no other one running.
      for (const { id } of await sites.list(context.scope)) {
        const fault = await take(services, context, id, signed).then(
          () => null,
          (error: unknown) => describeError(error).message,
        );
        items.push({ siteId: id, fault, told: fault === null ? await links.offerBrakes(id) : 0 });
      }
      return { items };
    }),
    signThaw: os.sites.signThaw.handler(async ({ input: { id, signed }, context }) => {
      const judged = await judgeThaw(store.db, context.scope, id, { signed, now: clock.now() });
      const { thaw: brake, lacks } = judged;
      await store.transaction(async (tx) => {
        if (lacks === undefined)
          await storeBrake(tx, context.scope, { site: id, brake, signed: judged.signed }, clock.now());
        else await keepThaw(tx, context.scope, judged, clock.now());
        await tell(services, tx, context, { site: id, brake, verb: lacks === undefined ? 'thaw' : 'sign-thaw' });
      });
      noticed(services, id);
      return { lacks: lacks ?? null, told: lacks === undefined ? await links.offerBrakes(id) : 0 };
    }),
  };
}

/** Proven, stored, in the audit, and shown; its relays hear of it afterwards. */
async function take(
  services: ApiServices,
  context: Caller & { scope: Scope },
  site: SiteId,
  signed: SignedBrake,
): Promise<Brake> {
  const { store, clock } = services;
  const brake = await judgeBrake(store.db, context.scope, site, { signed, now: clock.now() });
  await store.transaction(async (tx) => {
    await storeBrake(tx, context.scope, { site, brake, signed }, clock.now());
    await tell(services, tx, context, { site, brake, verb: brake.kind });
  });
  noticed(services, site);
  return brake;
}

interface Word {
  site: SiteId;
  brake: Brake;
  verb: 'freeze' | 'thaw' | 'sign-thaw';
}

async function tell({ audit }: ApiServices, tx: Tx, caller: Caller, { site, brake, verb }: Word): Promise<void> {
  const detail = { id: brake.id, reason: brake.reason };
  const row = { verb: `site.${verb}`, resource: `site:${site}`, outcome: 'ok' as const, detail };
  await audit.append(tx, { ...by(caller), ...row });
}

/** Every page that shows the site says at once that it stands still. */
const noticed = ({ feed }: ApiServices, site: SiteId) => feed.publish({ kind: 'estate', what: 'sites', site });
