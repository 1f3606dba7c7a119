// The console about itself: status, search, the feed of live changes.
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
    overview: os.system.overview.handler(({ context }) => overviews.read(context.scope)),
    search: os.system.search.handler(({ input, context }) => fleet.search(context.scope, input.q, input.limit)),
    status: os.system.status.handler(async ({ context }) => {
      const { lost, quarantined } = await devices.losses(context.scope);
      return {
        version: VERSION,
        engine: store.engine,
        incarnation: store.incarnation,
        startedAt,
        now: clock.now(),
        devices: await devices.countByStatus(context.scope),
        counters: counters(),
        lost,
        quarantined,
      };
    }),
    changes: os.system.changes.handler(elsewhere),
  };
}
