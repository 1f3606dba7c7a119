// All that people set up, read together: what a plan is made with.
import type { Db } from '#console/store/engine.ts';
import { ContactId, EscalationId, OnCallId, RouteId } from '#shared/base/id.ts';
import { Contact, EscalationSummary, Route } from '#shared/contract/notify-contract.ts';
import { OnCallSchedule } from '#shared/model/on-call.ts';
import { listChannels, type StoredChannel } from './channel-repository.ts';
import { type EntryKind, listEntries } from './entry-repository.ts';

export type SetUpChannel = Pick<StoredChannel, 'id' | 'kind' | 'name' | 'isOn'>;

export interface Setup {
  channels: ReadonlyMap<string, SetUpChannel>;
  contacts: ReadonlyMap<ContactId, Contact>;
  /** In their order; those that are off too, for the trace. */
  routes: readonly Route[];
  escalations: ReadonlyMap<EscalationId, EscalationSummary>;
  onCall: ReadonlyMap<OnCallId, OnCallSchedule>;
}

async function bodies<T>(db: Db, kind: EntryKind, read: (id: string, body: object) => T): Promise<T[]> {
  const rows = await listEntries(db, kind);
  return rows.map(({ id, body }) => read(id, JSON.parse(body)));
}

export async function readSetup(db: Db): Promise<Setup> {
  const channels = await listChannels(db);
  const contacts = await bodies(db, 'contact', (id, body) => Contact.parse({ ...body, id: ContactId.parse(id) }));
  const routes = await bodies(db, 'route', (id, body) => Route.parse({ ...body, id: RouteId.parse(id) }));
  const escalations = await bodies(db, 'escalation', (id, body) =>
    EscalationSummary.parse({ ...body, id: EscalationId.parse(id) }),
  );
  const onCall = await bodies(db, 'on-call', (id, body) => [OnCallId.parse(id), OnCallSchedule.parse(body)] as const);
  return {
    channels: new Map(channels.map((one) => [one.id, one])),
    contacts: new Map(contacts.map((one) => [one.id, one])),
    routes,
    escalations: new Map(escalations.map((one) => [one.id, one])),
    onCall: new Map(onCall),
  };
}
