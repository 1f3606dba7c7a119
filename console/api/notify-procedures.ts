// Who is told of incidents, for those who see the whole estate; what was told, for whoever sees the site; links of messages, for their bearer.

import { shownKinds } from '#console/notify/channel-kinds.ts';
import { AppError } from '#shared/base/errors.ts';
import { IncidentId } from '#shared/base/id.ts';
import { type Guarded, mustSeeAll } from './guard.ts';
import type { ApiServices } from './services.ts';

const REMOVED = { removed: true as const };

export function channelProcedures(os: Guarded, { notify: { channels } }: ApiServices) {
  return {
    list: os.channels.list.handler(async ({ context }) => {
      mustSeeAll(context.scope);
      return { items: await channels.list() };
    }),
    kinds: os.channels.kinds.handler(({ context }) => {
      mustSeeAll(context.scope);
      return { items: shownKinds() };
    }),
    create: os.channels.create.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return channels.create(context, input);
    }),
    update: os.channels.update.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return channels.update(context, input.id, input.value);
    }),
    remove: os.channels.remove.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      await channels.remove(context, input.id);
      return REMOVED;
    }),
    test: os.channels.test.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return channels.test(context, input.id, input.to);
    }),
  };
}

export function entryProcedures(os: Guarded, services: ApiServices) {
  return {
    contacts: contactProcedures(os, services),
    routes: routeProcedures(os, services),
    escalations: escalationProcedures(os, services),
  };
}

function contactProcedures(os: Guarded, { notify: { contacts } }: ApiServices) {
  return {
    list: os.contacts.list.handler(async ({ context }) => {
      mustSeeAll(context.scope);
      return { items: await contacts.list() };
    }),
    create: os.contacts.create.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return contacts.create(context, input);
    }),
    update: os.contacts.update.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return contacts.update(context, input.id, input.value);
    }),
    remove: os.contacts.remove.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      await contacts.remove(context, input.id);
      return REMOVED;
    }),
  };
}

function routeProcedures(os: Guarded, { notify: { routes, log }, sites, clock }: ApiServices) {
  return {
    list: os.routes.list.handler(async ({ context }) => {
      mustSeeAll(context.scope);
      return { items: await routes.list() };
    }),
    create: os.routes.create.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return routes.create(context, input);
    }),
    update: os.routes.update.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return routes.update(context, input.id, input.value);
    }),
    remove: os.routes.remove.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      await routes.remove(context, input.id);
      return REMOVED;
    }),
    explain: os.routes.explain.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      const site = await sites.find(context.scope, input.siteId);
      if (site === undefined) throw new AppError('not-found', `no site ${input.siteId}`);
      const now = input.at ?? clock.now();
      const { severity, type, check, tags, groups } = input;
      return { items: await log.explain(imagined(site, { severity, type, check, tags, groups }), now) };
    }),
  };
}

/** An incident of nobody: what routes ask, and nothing else. */
function imagined(
  site: NonNullable<Awaited<ReturnType<ApiServices['sites']['find']>>>,
  asked: Pick<
    Parameters<ApiServices['notify']['log']['explain']>[0],
    'severity' | 'type' | 'check' | 'tags' | 'groups'
  >,
): Parameters<ApiServices['notify']['log']['explain']>[0] {
  return {
    ...asked,
    ...{ id: IncidentId.parse(site.id), title: '', detail: '', checkName: asked.check, advice: '' },
    ...{ siteId: site.id, siteName: site.name, customerId: site.customerId, customerName: site.customerName },
    ...{ zone: site.timeZone, deviceId: null, deviceName: '', openedAt: 0, resolvedAt: null, acknowledgedBy: null },
    ...{ snoozedUntil: null, assignee: null, isMuted: false, isMerged: false, children: 0, flaps: '' },
  };
}

function escalationProcedures(os: Guarded, { notify: { escalations } }: ApiServices) {
  return {
    list: os.escalations.list.handler(async ({ context }) => {
      mustSeeAll(context.scope);
      return { items: await escalations.list() };
    }),
    create: os.escalations.create.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return escalations.create(context, input);
    }),
    update: os.escalations.update.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return escalations.update(context, input.id, input.value);
    }),
    remove: os.escalations.remove.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      await escalations.remove(context, input.id);
      return REMOVED;
    }),
  };
}

export function onCallProcedures(os: Guarded, { notify: { onCall } }: ApiServices) {
  return {
    list: os.onCall.list.handler(async ({ context }) => {
      mustSeeAll(context.scope);
      return { items: await onCall.list() };
    }),
    create: os.onCall.create.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return onCall.create(context, input);
    }),
    update: os.onCall.update.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return onCall.update(context, input.id, input.value);
    }),
    remove: os.onCall.remove.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      await onCall.remove(context, input.id);
      return REMOVED;
    }),
    turns: os.onCall.turns.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      return { items: await onCall.turns(input.id, input.from, input.until) };
    }),
    calendar: os.onCall.calendar.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      return { text: await onCall.calendar(input.id, input.contact) };
    }),
  };
}

export function notificationProcedures(os: Guarded, { notify: { log } }: ApiServices) {
  return {
    list: os.notifications.list.handler(({ input, context }) => log.list(context.scope, input)),
    show: os.notifications.show.handler(({ input, context }) => log.show(context.scope, input.id)),
    why: os.notifications.why.handler(async ({ input, context }) => ({
      items: await log.why(context.scope, input.incidentId, input.contactId),
    })),
    retry: os.notifications.retry.handler(({ input, context }) => log.retry(context, context.scope, input.id)),
  };
}

export function ackProcedures(os: Guarded, { notify: { acknowledgements } }: ApiServices) {
  return {
    show: os.acknowledge.show.handler(({ input }) => acknowledgements.show(input.token)),
    use: os.acknowledge.use.handler(async ({ input, context }) => ({
      acknowledged: true as const,
      ...(await acknowledgements.use(input.token, context.address)),
    })),
  };
}
