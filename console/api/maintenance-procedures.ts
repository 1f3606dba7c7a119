// How the console keeps house, for those who see the whole estate.
import { type Guarded, mustSeeAll } from './guard.ts';
import type { ApiServices } from './services.ts';

export function maintenanceProcedures(os: Guarded, { maintenance }: ApiServices) {
  return {
    storage: os.maintenance.storage.handler(({ context }) => {
      mustSeeAll(context.scope);
      return maintenance.storage();
    }),
    jobs: os.maintenance.jobs.handler(async ({ context }) => {
      mustSeeAll(context.scope);
      return { items: await maintenance.jobs.list() };
    }),
    runs: os.maintenance.runs.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      return { items: await maintenance.jobs.runs(input.job, input.limit) };
    }),
    run: os.maintenance.run.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      return (await maintenance.jobs.begin(input.job, context)).run;
    }),
    retention: os.maintenance.retention.handler(async ({ context }) => {
      mustSeeAll(context.scope);
      return { everybody: maintenance.retentions.everybody, customers: await maintenance.retentions.customers() };
    }),
    putRetention: os.maintenance.putRetention.handler(({ input: { customerId, ...wish }, context }) => {
      mustSeeAll(context.scope);
      return maintenance.retentions.put(context, customerId, wish);
    }),
    removeRetention: os.maintenance.removeRetention.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      await maintenance.retentions.remove(context, input.customerId);
      return { removed: true as const };
    }),
  };
}
