// The console about itself: status, search, the feed of live changes.
import { seesEverything } from '#console/access/scope.ts';
import { AppError } from '#shared/base/errors.ts';
import { VERSION } from '#shared/runtime/version.ts';
import type { Guarded } from './guard.ts';
import { Overviews } from './overview.ts';
import type { ApiServices } from './services.ts';

/** The feed is served by changes-route.ts, which stands before the handler. */
const elsewhere = (): never => {
  throw new AppError('internal', 'the live changes were asked of the wrong door');
};

export function systemProcedures(os: Guarded, services: ApiServices) {
  const { store, clock, devices, fleet, startedAt, counters } = services;
  const overviews = new Overviews(services);
  return {
    overview: os.system.overview.handler(async ({ context: { scope, scopeOf } }) =>
      overviews.read({
        scope,
        devices: await scopeOf('device.read'),
        sites: await scopeOf('site.read'),
        relays: await scopeOf('relay.read'),
        actions: await scopeOf('action.read'),
      }),
    ),
    search: os.system.search.handler(async ({ input, context: { scope, scopeOf } }) => {
      const scopes = { devices: scope, sites: await scopeOf('site.read'), relays: await scopeOf('relay.read') };
      return fleet.search(scopes, input.q, input.limit);
    }),
    status: os.system.status.handler(async ({ context }) => {
      const { lost, quarantined } = await devices.losses(context.scope);
      return {
        version: VERSION,
        engine: store.engine,
        incarnation: store.incarnation,
        startedAt,
        now: clock.now(),
        devices: await devices.countByStatus(await context.scopeOf('device.read')),
        // Sums over everybody's devices.
        counters: seesEverything(context.scope) ? counters() : {},
        lost,
        quarantined,
      };
    }),
    changes: os.system.changes.handler(elsewhere),
  };
}
