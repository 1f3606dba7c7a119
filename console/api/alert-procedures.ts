// Alerts and incidents.
import type { Alert, Incident } from '#console/alerts/incident-board.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Guarded } from './guard.ts';
import { whatCameBefore } from './incident-before.ts';
import type { ApiServices } from './services.ts';

export function alertProcedures(os: Guarded, { incidents: { board }, people }: ApiServices) {
  return {
    list: os.alerts.list.handler(async ({ input: { limit, cursor, ...filter }, context }) => {
      const page = await board.alerts(context.scope, filter, { limit, cursor });
      return { ...page, items: await withNames(people, page.items) };
    }),
    show: os.alerts.show.handler(async ({ input, context }) => {
      const alert = await board.alert(context.scope, input.id);
      const nameOf = await people.actorNames(alert.resolvedBy === null ? [] : [alert.resolvedBy]);
      return { ...alert, resolvedBy: named(nameOf, alert.resolvedBy) };
    }),
  };
}

export function incidentProcedures(os: Guarded, services: ApiServices) {
  const { board } = services.incidents;
  return {
    list: os.incidents.list.handler(async ({ input: { limit, cursor, ...filter }, context }) => {
      const page = await board.incidents(context.scope, filter, { limit, cursor });
      return { ...page, items: await incidentsWithNames(services.people, page.items) };
    }),
    counts: os.incidents.counts.handler(({ context }) => board.counts(context.scope)),
    show: os.incidents.show.handler(async ({ input, context }) => {
      const incident = await board.incident(context.scope, input.id);
      const inside = await board.inside(context.scope, incident);
      const [shown] = await incidentsWithNames(services.people, [incident]);
      if (shown === undefined) throw new AppError('internal', 'one incident was named');
      const nameOf = await services.people.actorNames(inside.timeline.flatMap(({ by }) => by ?? []));
      return {
        ...shown,
        ...inside,
        children: await withNames(services.people, inside.children),
        timeline: inside.timeline.map((entry) => ({ ...entry, by: named(nameOf, entry.by) })),
        before: await whatCameBefore(services, context, incident),
      };
    }),
    ...actProcedures(os, services),
  };
}

function actProcedures(os: Guarded, { incidents: { acts }, people }: ApiServices) {
  const done = async (changed: Promise<number>) => ({ changed: await changed });
  return {
    acknowledge: os.incidents.acknowledge.handler(({ input, context }) =>
      done(acts.acknowledge(context, input, input.note)),
    ),
    resolve: os.incidents.resolve.handler(({ input, context }) => done(acts.resolve(context, input, input.note))),
    reopen: os.incidents.reopen.handler(({ input, context }) => done(acts.reopen(context, input, input.note))),
    snooze: os.incidents.snooze.handler(({ input, context }) => done(acts.snooze(context, input, input.forMs))),
    assign: os.incidents.assign.handler(async ({ input, context }) =>
      done(acts.assign(context, input, await personOf(people, input.assignee))),
    ),
    note: os.incidents.note.handler(({ input, context }) => done(acts.note(context, input, input.note))),
  };
}

type People = Pick<ApiServices['people'], 'actorNames'>;
type NameOf = Awaited<ReturnType<People['actorNames']>>;

const named = (nameOf: NameOf, actor: string | null): string | null => (actor === null ? null : nameOf(actor));

/** Throws `bad-request` where there is no such person. */
async function personOf(people: People, id: string | null): Promise<{ id: string; name: string } | null> {
  if (id === null) return null;
  const actor = `person:${id}`;
  const name = (await people.actorNames([actor]))(actor);
  if (name === actor) throw new AppError('bad-request', `assignee: no person ${id}`);
  return { id, name };
}

async function withNames(people: People, alerts: readonly Alert[]): Promise<Alert[]> {
  const nameOf = await people.actorNames(alerts.flatMap(({ resolvedBy }) => resolvedBy ?? []));
  return alerts.map((alert) => ({ ...alert, resolvedBy: named(nameOf, alert.resolvedBy) }));
}

async function incidentsWithNames(people: People, incidents: readonly Incident[]) {
  const actors = incidents.flatMap(({ assignee, acknowledgedBy, resolvedBy }) => [
    ...(assignee === null ? [] : [`person:${assignee}`]),
    ...(acknowledgedBy === null ? [] : [acknowledgedBy]),
    ...(resolvedBy === null ? [] : [resolvedBy]),
  ]);
  const nameOf = await people.actorNames(actors);
  return incidents.map(({ assignee, root: _root, ...incident }) => ({
    ...incident,
    acknowledgedBy: named(nameOf, incident.acknowledgedBy),
    resolvedBy: named(nameOf, incident.resolvedBy),
    assignee: assignee === null ? null : { id: assignee, name: nameOf(`person:${assignee}`) },
  }));
}
