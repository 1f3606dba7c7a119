// Watching over the API: parts are drafted here; what is signed is kept and carried, and can be neither made nor changed here.

import { isCurrentAt } from '#console/policies/watch-documents.ts';
import { readWatch } from '#shared/seal/watch-seal.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function policyProcedures(os: Guarded, { policies }: Pick<ApiServices, 'policies'>) {
  const { parts, documents, views, parents } = policies;
  return {
    list: os.policies.list.handler(async ({ context: { scope } }) => ({ items: await parts.list(scope) })),
    create: os.policies.create.handler(async ({ input: { customerId, part }, context }) => ({
      id: await parts.create(context, customerId, part),
    })),
    update: os.policies.update.handler(async ({ input: { id, ...change }, context }) => ({
      changedAt: await parts.update(context, id, change),
    })),
    remove: os.policies.remove.handler(async ({ input: { id }, context }) => {
      await parts.remove(context, id);
      return {};
    }),
    sites: os.policies.sites.handler(async ({ context: { scope } }) => {
      const drafted = await documents.drafted(scope);
      const items = drafted.flatMap((one) =>
        one.sites.map((site) => {
          const active = one.active.get(site.id);
          return {
            ...{ siteId: site.id, siteName: site.name, customerId: one.customer, customerName: one.customerName },
            version: active?.version ?? null,
            signedAt: active === undefined ? null : readWatch(active.signed).at,
            isCurrent: isCurrentAt(one, active),
          };
        }),
      );
      return { items };
    }),
    inForce: os.policies.inForce.handler(({ input, context: { scope } }) => documents.inForce(scope, input.id)),
    draft: os.policies.draft.handler(async ({ input, context: { scope } }) => {
      const drafts = await documents.draft(scope, input);
      return {
        items: drafts.map(({ text, document, customer, customerName, sites, active }) => {
          const texts = new Set(sites.map(({ id }) => active.get(id)?.signed.text));
          const [before] = texts;
          return {
            ...{ text, version: document.version, customerId: customer, customerName },
            sites: sites.map(({ id, name }) => ({ id, name })),
            before: texts.size === 1 && before !== undefined ? before : null,
          };
        }),
      };
    }),
    plan: os.policies.plan.handler(({ input, context: { scope } }) => views.plan(scope, input)),
    waiting: os.policies.waiting.handler(async ({ context: { scope } }) => ({
      items: await documents.waiting(scope),
    })),
    put: os.policies.put.handler(({ input: { signed }, context }) => documents.put(context, signed)),
    effective: os.policies.effective.handler(({ input: { id, by }, context: { scope } }) =>
      views.effective(scope, id, by),
    ),
    setParent: os.policies.setParent.handler(async ({ input: { id, parentId, isLearnt }, context }) => {
      await parents.set(context, context.scope, id, { parent: parentId, isLearnt });
      return {};
    }),
    calendar: os.policies.calendar.handler(async ({ input, context: { scope } }) => ({
      items: await views.calendar(scope, input),
    })),
  };
}
