// What becomes of the messages of an incident that somebody took, that is silenced, or that is over. Pure.
import type { NotificationId } from '#shared/base/id.ts';
import { kindOf } from './channel-kinds.ts';
import type { IncidentFacts } from './incident-facts.ts';
import type { StoredNotification } from './notification-repository.ts';
import { type EndKind, type Plan, planNews, verdict } from './plan.ts';
import type { Setup } from './setup.ts';

interface Ending {
  kind: EndKind;
  facts: IncidentFacts;
  /** All that was said of it, oldest first. */
  known: readonly StoredNotification[];
  setup: Setup;
  now: number;
  isToldByRelay: boolean;
}

const WORDS = {
  resolved: 'it was over before its time to be told',
  acknowledged: 'somebody took it before',
  snoozed: 'somebody silenced it before',
  muted: 'a maintenance window covers it',
  merged: 'it turned out to be part of another incident',
} as const satisfies Record<EndKind, string>;

export function planEnd(ending: Ending): { plan: Plan; dropped: NotificationId[] } {
  const { kind, known, facts, now } = ending;
  // What waits for its time has not begun to be told; what is held says in its digest what became of it.
  const waiting = known.filter(({ state, reason }) => state === 'waiting' && reason !== 'resolved');
  // Its time came, and a console that was busy or away had not begun: that is no reason to say nothing.
  const overdue = new Set(kind === 'resolved' ? waiting.filter(({ nextAt }) => nextAt !== null && nextAt <= now) : []);
  const dropped = waiting.filter((one) => !overdue.has(one));
  const plan: Plan = { messages: [], verdicts: [], cases: [] };
  const tell = (gone: readonly StoredNotification[]) =>
    plan.verdicts.push(
      ...gone.map((one) => ({
        ...verdict('dropped', WORDS[kind], one.routeId),
        contactId: one.contactId,
        notificationId: one.id,
      })),
    );
  tell(dropped);
  const ids = dropped.map(({ id }) => id);
  if (kind !== 'resolved') {
    const who = kind === 'acknowledged' ? ` by ${facts.acknowledgedBy ?? 'somebody'}` : '';
    plan.verdicts.push(verdict(kind, `${kind}${who}: nobody is told again`, null));
    // People hear of the other one; a service that keeps incidents of its own would keep this one for ever.
    if (kind === 'merged') tellResolved(plan, ending, { dropped: new Set(ids), onlyServices: true });
    return { plan, dropped: ids };
  }
  tellResolved(plan, ending, { dropped: new Set(ids), onlyServices: false });
  const told = new Set(plan.messages.map(({ recipient }) => placeOf(recipient.channel.id, recipient.to)));
  // Its words are those of a fault that is over: the one message that follows says both. Where none follows, it is still sent.
  const late = known.filter(
    (one) =>
      (one.state === 'retrying' || overdue.has(one)) &&
      one.sentAt === null &&
      told.has(placeOf(one.channelId, one.address)),
  );
  tell(late);
  return { plan, dropped: [...ids, ...late.map(({ id }) => id)] };
}

const placeOf = (channel: string | null, address: string): string => `${channel} ${address}`;

/** To everybody who heard of it, or was about to; where the relay told, to those that its routes name. */
function tellResolved(
  plan: Plan,
  { known, setup, facts, now, isToldByRelay }: Ending,
  { dropped, onlyServices }: { dropped: Set<NotificationId>; onlyServices: boolean },
): void {
  const heard = known.filter(({ id, state }) => !dropped.has(id) && state !== 'dead' && state !== 'dropped');
  const seen = new Set<string>();
  for (const one of heard) {
    const route = setup.routes.find(({ id }) => id === one.routeId);
    const channel = one.channelId === null ? undefined : setup.channels.get(one.channelId);
    const kind = channel === undefined ? undefined : kindOf(channel.kind);
    if (channel === undefined || !channel.isOn || kind === undefined) continue;
    const place = placeOf(channel.id, one.address);
    // A service that keeps incidents of its own would never close it.
    const isService = kind.by === 'http' && kind.resolve !== undefined;
    const isThere = one.contactId === null || setup.contacts.get(one.contactId)?.isOn === true;
    const isPersonWanted = !onlyServices && isThere && (route === undefined || route.tellsResolved);
    const isWanted = isService || isPersonWanted;
    if (seen.has(place) || !isWanted) continue;
    seen.add(place);
    const { contactId, contactName, recipient: key, routeId } = one;
    const recipient = { channel, to: one.address, contactId, contactName, key };
    plan.messages.push({ reason: 'resolved', recipient, routeId, at: now, digestMs: route?.digestMs ?? 0 });
  }
  if (heard.length > 0 || !isToldByRelay || onlyServices) return;
  const routes = setup.routes.filter(({ tellsResolved }) => tellsResolved);
  const news = planNews({ facts, reason: 'resolved', setup: { ...setup, routes }, now, isToldByRelay });
  plan.messages.push(...news.messages);
  plan.verdicts.push(...news.verdicts);
}
