// Devices added, changed and forgotten.
import { detailOf, found } from './device-list-procedures.ts';
import type { Guarded } from './guard.ts';
import { notBuilt } from './not-built.ts';
import type { ApiServices } from './services.ts';

export function deviceWriteProcedures(os: Guarded, services: ApiServices) {
  const { devices, lastValues } = services;
  const plain = { transport: 'ssh' as const, intervalMs: 60_000 };
  return {
    create: os.devices.create.handler(async ({ input, context }) => {
      const { transport = plain.transport, intervalMs = plain.intervalMs } = input;
      const device = await devices.create(context, context.scope, { ...input, transport, intervalMs });
      return detailOf(services, context.scope, device.id);
    }),
    createMany: os.devices.createMany.handler(async ({ input, context }) => ({
      ids: await devices.createMany(
        context,
        input.devices.map(({ transport = plain.transport, intervalMs = plain.intervalMs, ...device }) => ({
          ...device,
          transport,
          intervalMs,
        })),
      ),
    })),
    update: os.devices.update.handler(notBuilt),
    removeMany: os.devices.removeMany.handler(notBuilt),
    remove: os.devices.remove.handler(async ({ input, context }) => {
      const device = await found(services, context.scope, input.id);
      await devices.remove(context, context.scope, input.id);
      lastValues.forget(device.siteId, device.id);
      return { removed: true as const };
    }),
  };
}
