// How well devices, sites and the fleet are, of the devices that the asker sees.
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function healthProcedures(os: Guarded, { health }: Pick<ApiServices, 'health'>) {
  return {
    overview: os.health.overview.handler(({ context }) => health.overview(context.scope)),
    devices: os.health.devices.handler(({ input, context }) => health.devices(context.scope, input)),
    device: os.health.device.handler(({ input, context }) => health.device(context.scope, input.id)),
    deviceHistory: os.health.deviceHistory.handler(async ({ input, context }) => ({
      items: await health.deviceHistory(context.scope, input.id, input.days),
    })),
    history: os.health.history.handler(async ({ input, context }) => ({
      items: await health.history(context.scope, input.siteId, input.days),
    })),
  };
}
