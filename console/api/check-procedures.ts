// Checks before they count: what ships, previews of one, and back-tests of drafts.
import { previewCheck } from '#console/alerts/back-test/preview.ts';
import { AppError } from '#shared/base/errors.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import type { Guarded } from './guard.ts';
import { seen, selected } from './selected-devices.ts';
import type { ApiServices } from './services.ts';

export function checkProcedures(os: Guarded, services: ApiServices) {
  const { store, metrics, backTest, relays } = services;
  return {
    shipped: os.checks.shipped.handler(() => ({ items: [...SHIPPED_CHECKS] })),
    preview: os.checks.preview.handler(async ({ input, context, signal }) => {
      const [device] = await seen(services, context.scope, input.device);
      if (device === undefined) throw new AppError('not-found', 'no such device');
      const { id, siteId, intervalMs, createdAt } = device;
      const place = { device: id, relays: await relays.idsAt(siteId), intervalMs, since: createdAt };
      const { check, from, to } = input;
      return await previewCheck({ db: store.db, metrics }, { ...place, check, from, to }, signal);
    }),
    backTest: os.checks.backTest.handler(async ({ input, context, signal }) => {
      const { over, from, to, checks, off } = input;
      const { devices } = await selected(services, context.scope, over);
      const tested = devices.map(({ id, siteId, relayId, name, intervalMs, facts }) => ({
        ...{ device: id, site: siteId, relay: relayId, name, intervalMs, facts },
      }));
      return await backTest.run({ devices: tested, draft: { checks, off }, from, to }, signal);
    }),
  };
}
