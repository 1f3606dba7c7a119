// Devices added, changed and forgotten.
import { AppError } from '#shared/base/errors.ts';
import { detailOf } from './device-list-procedures.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function deviceWriteProcedures(os: Guarded, services: ApiServices) {
  const { devices, fleet } = services;
  return {
    create: os.devices.create.handler(async ({ input, context }) => {
      const [id] = await devices.createMany(context, [input]);
      if (id === undefined) throw new AppError('internal', `device ${input.name}: made, and not found`);
      return detailOf(services, context.scope, id);
    }),
    createMany: os.devices.createMany.handler(async ({ input, context }) => {
      const ids = await devices.createMany(context, input.devices);
      await fleet.settled();
      return { ids };
    }),
    update: os.devices.update.handler(async ({ input: { id, ...change }, context }) => {
      await devices.update(context, context.scope, id, change);
      return detailOf(services, context.scope, id);
    }),
    removeMany: os.devices.removeMany.handler(async ({ input, context }) => {
      const removed = await devices.removeMany(context, context.scope, input.devices);
      await fleet.settled();
      return { removed };
    }),
    remove: os.devices.remove.handler(async ({ input, context }) => {
      await devices.remove(context, context.scope, input.id);
      await fleet.settled();
      return { removed: true as const };
    }),
  };
}
