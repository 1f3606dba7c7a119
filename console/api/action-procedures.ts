// Actions: signed manifests in, outcomes out. The console can carry and cancel one; it can neither make nor change one.
import { AppError } from '#shared/base/errors.ts';
import type { Guarded } from './guard.ts';
import { catalogueEntries, orderPreview } from './order-preview.ts';
import type { ApiServices } from './services.ts';

export function actionProcedures(os: Guarded, services: ApiServices) {
  const { actions, streams } = services;
  return {
    submit: os.actions.submit.handler(async ({ input, context }) => ({
      ids: await actions.submit(context, input.signed),
    })),
    catalogue: os.actions.catalogue.handler(() => ({ items: catalogueEntries() })),
    preview: os.actions.preview.handler(({ input, context }) => orderPreview(services, context.scope, input)),
    list: os.actions.list.handler(({ input, context }) => actions.list(context.scope, input)),
    show: os.actions.show.handler(async ({ input, context }) => {
      const action = await actions.find(context.scope, input.id);
      if (action === undefined) throw new AppError('not-found', `no action ${input.id}`);
      return action;
    }),
    batch: os.actions.batch.handler(async ({ input, context }) => ({
      signed: await actions.batch(context.scope, input.id),
    })),
    sign: os.actions.sign.handler(async ({ input: { id, signature }, context }) => {
      const { ids, lacks } = await actions.sign(context, context.scope, id, signature);
      return { ids, lacks: lacks ?? null };
    }),
    attach: os.actions.attach.handler(async ({ input, context }) => ({
      ticket: await streams.ticket(context, input.id),
    })),
    cancel: os.actions.cancel.handler(async ({ input, context }) => {
      await actions.cancel(context, context.scope, input.id);
      return { cancelled: true as const };
    }),
  };
}
