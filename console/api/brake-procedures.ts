// The brake of a site: frozen by one guardian, thawed by several people, whose signatures are gathered here.
import { by, type Caller } from '#console/access/can.ts';
import type { Tx } from '#console/store/engine.ts';
import { brakesOf, judgeBrake, storeBrake } from '#console/trust/brake-service.ts';
import { judgeThaw, keepThaw, waitingThaw } from '#console/trust/thaw-service.ts';
import type { Brake } from '#shared/model/freeze.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function brakeProcedures(os: Guarded, services: ApiServices) {
  const { store, links, clock } = services;
  return {
    brake: os.sites.brake.handler(async ({ input: { id }, context: { scope } }) => ({
      signed: await brakesOf(store.db, scope, id),
      waiting: (await waitingThaw(store.db, scope, id)) ?? null,
    })),
    putBrake: os.sites.putBrake.handler(async ({ input: { id, signed }, context }) => {
      const brake = await judgeBrake(store.db, context.scope, id, { signed, now: clock.now() });
      await store.transaction(async (tx) => {
        await storeBrake(tx, context.scope, { brake, signed }, clock.now());
        await tell(services, tx, context, { brake, verb: brake.kind });
      });
      noticed(services, brake);
      return { kind: brake.kind, told: await links.offerBrakes(id) };
    }),
    signThaw: os.sites.signThaw.handler(async ({ input: { id, signed }, context }) => {
      const judged = await judgeThaw(store.db, context.scope, id, { signed, now: clock.now() });
      const { thaw: brake, lacks } = judged;
      await store.transaction(async (tx) => {
        if (lacks === undefined) await storeBrake(tx, context.scope, { brake, signed: judged.signed }, clock.now());
        else await keepThaw(tx, context.scope, judged, clock.now());
        await tell(services, tx, context, { brake, verb: lacks === undefined ? 'thaw' : 'sign-thaw' });
      });
      noticed(services, brake);
      return { lacks: lacks ?? null, told: lacks === undefined ? await links.offerBrakes(id) : 0 };
    }),
  };
}

interface Word {
  brake: Brake;
  verb: 'freeze' | 'thaw' | 'sign-thaw';
}

async function tell({ audit }: ApiServices, tx: Tx, caller: Caller, { brake, verb }: Word): Promise<void> {
  const detail = { id: brake.id, reason: brake.reason };
  const row = { verb: `site.${verb}`, resource: `site:${brake.site}`, outcome: 'ok' as const, detail };
  await audit.append(tx, { ...by(caller), ...row });
}

/** Every page that shows the site says at once that it stands still. */
const noticed = ({ feed }: ApiServices, { site }: Brake) => feed.publish({ kind: 'estate', what: 'sites', site });
