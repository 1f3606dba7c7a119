// Devices added, changed and forgotten.
import { AppError } from '#shared/base/errors.ts';
import { detailOf } from './device-list-procedures.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function deviceWriteProcedures(os: Guarded, services: ApiServices) {
  const { devices } = services;
  return {
    create: os.devices.create.handler(async ({ input, context }) => {
      const [id] = await devices.createMany(context, [input]);
      if (id === undefined) throw new AppError('internal', `device ${input.name}: made, and not found`);
      return detailOf(services, context.scope, id);
    }),
    createMany: os.devices.createMany.handler(async ({ input, context }) => ({
      ids: await devices.createMany(context, input.devices),
    })),
    update: os.devices.update.handler(async ({ input: { id, ...change }, context }) => {
      await devices.update(context, context.scope, id, change);
      return detailOf(services, context.scope, id);
    }),
    removeMany: os.devices.removeMany.handler(async ({ input, context }) => ({
      removed: await devices.removeMany(context, context.scope, input.devices),
    })),
    remove: os.devices.remove.handler(async ({ input, context }) => {
      await devices.remove(context, context.scope, input.id);
      return { removed: true as const };
    }),
  };
}
