// What becomes of one change of an incident: messages, what is told again later, and why nobody or somebody is told. Pure.
import type { AlertChange } from '#console/alerts/alert-outbox.ts';
import type { ContactId, EscalationId, NotificationId, RouteId } from '#shared/base/id.ts';
import type { Route } from '#shared/contract/notify-contract.ts';
import { escalationAt } from '#shared/judge/time/escalation.ts';
import type { IncidentFacts } from './incident-facts.ts';
import type { Message } from './message.ts';
import { type Miss, type Places, placesOf, type Recipient } from './recipients.ts';
import { whyNot } from './route-match.ts';
import type { Setup } from './setup.ts';

export interface NewVerdict {
  code: string;
  text: string;
  routeId: RouteId | null;
  contactId: ContactId | null;
  notificationId: NotificationId | null;
}

export interface PlannedMessage {
  reason: Message['reason'];
  recipient: Recipient;
  routeId: RouteId | null;
  /** When it is due: later where the route waits before it tells. */
  at: number;
  /** It is gathered with others for so long; 0: it goes by itself. */
  digestMs: number;
}

export interface PlannedCase {
  routeId: RouteId;
  repeatAt: number | null;
  tier: number;
  tierAt: number | null;
}

export interface Plan {
  messages: PlannedMessage[];
  verdicts: NewVerdict[];
  cases: PlannedCase[];
}

const REASONS = {
  opened: 'opened',
  reopened: 'opened',
  worse: 'worse',
  flapping: 'flapping',
  past: 'past',
} as const satisfies Partial<Record<AlertChange['kind'], Message['reason']>>;

/** They stop what runs. */
export type EndKind = 'resolved' | 'acknowledged' | 'snoozed' | 'muted' | 'merged';
const ENDS: ReadonlySet<string> = new Set<EndKind>(['resolved', 'acknowledged', 'snoozed', 'muted', 'merged']);
export const isEnd = (kind: AlertChange['kind']): kind is EndKind => ENDS.has(kind);

/** What the routes are asked with; undefined for changes that are no news of this sort. */
export const reasonOf = (kind: AlertChange['kind']): Message['reason'] | undefined =>
  Object.hasOwn(REASONS, kind) ? REASONS[kind as keyof typeof REASONS] : undefined; // of the line above

interface Asked {
  facts: IncidentFacts;
  reason: Message['reason'];
  setup: Setup;
  now: number;
  /** The site's relay has told its on-call already. */
  isToldByRelay: boolean;
}

/** Every route is asked in its order; each place is told once. */
export function planNews(asked: Asked): Plan {
  const plan: Plan = { messages: [], verdicts: [], cases: [] };
  const seen = new Set<string>();
  let isEnded = false;
  for (const route of asked.setup.routes) {
    const why = isEnded ? 'a route before it is the last' : whyNot(route, asked.facts, asked.now);
    if (why !== undefined) {
      plan.verdicts.push(verdict('route-passes', `route ${route.name}: ${why}`, route.id));
      continue;
    }
    planRoute(plan, route, asked, seen);
    isEnded = route.isLast;
  }
  if (plan.messages.length === 0 && plan.verdicts.every(({ code }) => code === 'route-passes'))
    plan.verdicts.push(verdict('no-route', 'no route is for it: nobody is told', null));
  return plan;
}

function planRoute(plan: Plan, route: Route, asked: Asked, seen: Set<string>): void {
  const { facts, reason, setup, now, isToldByRelay } = asked;
  plan.verdicts.push(verdict('route-fits', `route ${route.name} is for it`, route.id));
  if (reason === 'opened') plan.cases.push(...caseOf(route, asked));
  if (isToldByRelay && (reason === 'opened' || reason === 'past')) {
    plan.verdicts.push(verdict('told-by-relay', 'the relay of the site has told its on-call of it already', route.id));
    return;
  }
  const places = placesOf(route.targets, { setup, severity: facts.severity, reason, now });
  addPlaces(plan, places, { route, seen, reason, at: reason === 'opened' ? now + route.delayMs : now });
}

interface Adding {
  route: Pick<Route, 'id' | 'name' | 'digestMs'>;
  seen: Set<string>;
  reason: Message['reason'];
  at: number;
}

function addPlaces(plan: Plan, places: Places, { route, seen, reason, at }: Adding): void {
  for (const recipient of places.recipients) {
    const place = `${recipient.channel.id} ${recipient.to}`;
    if (seen.has(place)) {
      const text = `${nameOf(recipient)} is told by another route`;
      plan.verdicts.push({ ...verdict('told-by-another-route', text, route.id), contactId: recipient.contactId });
      continue;
    }
    seen.add(place);
    plan.messages.push({ reason, recipient, routeId: route.id, at, digestMs: route.digestMs });
  }
  plan.verdicts.push(...places.misses.map((miss) => missed(miss, route.id)));
}

const missed = ({ code, text, contactId }: Miss, routeId: RouteId | null): NewVerdict => ({
  ...verdict(code, text, routeId),
  contactId,
});

export const verdict = (code: string, text: string, routeId: RouteId | null): NewVerdict => ({
  ...{ code, text, routeId },
  contactId: null,
  notificationId: null,
});

export const nameOf = ({ contactName, channel, to }: Recipient): string =>
  contactName === '' ? `${channel.name}${to === '' ? '' : ` (${to})`}` : `${contactName} by ${channel.name}`;

function caseOf(route: Route, { setup, facts, now }: Asked): PlannedCase[] {
  const { repeatMs, delayMs, escalation } = route;
  const tierAt = nextTier(setup, escalation, { since: now, severity: facts.severity, now: now - 1 });
  if (repeatMs === 0 && tierAt === null) return [];
  return [{ routeId: route.id, repeatAt: repeatMs === 0 ? null : now + delayMs + repeatMs, tier: 0, tierAt }];
}

/** Whoever it was given to, by their own ways, whatever the routes say. */
export function planAssigned({ facts, setup, now }: Pick<Asked, 'facts' | 'setup' | 'now'>): Plan {
  const plan: Plan = { messages: [], verdicts: [], cases: [] };
  if (facts.assignee === null || facts.resolvedAt !== null) return plan;
  const theirs = [...setup.contacts.values()].filter(({ personId }) => personId === facts.assignee);
  if (theirs.length === 0)
    plan.verdicts.push(verdict('no-contact', 'whoever it is assigned to is no contact: they are not told', null));
  const reason = 'assigned';
  const targets = theirs.map(({ id }) => ({ kind: 'contact' as const, contact: id }));
  const places = placesOf(targets, { setup, severity: facts.severity, reason, now });
  for (const recipient of places.recipients)
    plan.messages.push({ reason, recipient, routeId: null, at: now, digestMs: 0 });
  plan.verdicts.push(...places.misses.map((miss) => missed(miss, null)));
  return plan;
}

interface Climb {
  since: number;
  severity: IncidentFacts['severity'];
  now: number;
}

function nextTier(setup: Setup, id: EscalationId | null, { since, severity, now }: Climb): number | null {
  const policy = id === null ? undefined : setup.escalations.get(id);
  if (policy === undefined) return null;
  return escalationAt(policy, { toldAt: since, severity, stoppedAt: undefined }, now).next?.at ?? null;
}

export interface StandingCase extends PlannedCase {
  since: number;
}

/** A case whose time has come: it is told again, climbs, or both; with where it stands afterwards. */
export function planCase(
  standing: StandingCase,
  asked: Pick<Asked, 'facts' | 'setup' | 'now'>,
): { plan: Plan; next: PlannedCase | undefined } {
  const plan: Plan = { messages: [], verdicts: [], cases: [] };
  const { facts, setup, now } = asked;
  const route = setup.routes.find(({ id }) => id === standing.routeId);
  if (route === undefined || !route.isOn) return { plan, next: undefined };
  const seen = new Set<string>();
  const next = { ...standing };
  const policy = route.escalation === null ? undefined : setup.escalations.get(route.escalation);
  if (policy !== undefined && standing.tierAt !== null && standing.tierAt <= now) {
    const climber = { toldAt: standing.since, severity: facts.severity, stoppedAt: undefined };
    const { due } = escalationAt(policy, climber, now);
    for (const index of due.slice(standing.tier)) {
      const tier = policy.tiers[index];
      if (tier === undefined) continue;
      plan.verdicts.push(
        verdict('escalated', `${policy.name}: ${tier.name} is told, as nobody has taken it`, route.id),
      );
      const reason = 'escalated';
      const places = placesOf(tier.targets, { setup, severity: facts.severity, reason, now });
      addPlaces(plan, places, { route: { ...route, digestMs: 0 }, seen, reason, at: now });
    }
    next.tier = Math.max(standing.tier, due.length);
    next.tierAt = nextTier(setup, route.escalation, { since: standing.since, severity: facts.severity, now });
  }
  if (standing.repeatAt !== null && standing.repeatAt <= now) {
    const places = placesOf(route.targets, { setup, severity: facts.severity, reason: 'repeat', now });
    addPlaces(plan, places, { route, seen, reason: 'repeat', at: now });
    next.repeatAt = route.repeatMs === 0 ? null : now + route.repeatMs;
  }
  return { plan, next: next.repeatAt === null && next.tierAt === null ? undefined : next };
}

/** What this channel form of a message says of an incident. */
export const messageOf = (facts: IncidentFacts, reason: Message['reason']): Message => ({
  reason,
  severity: facts.severity,
  title: facts.title,
  detail: [facts.flaps, facts.detail].filter((part) => part !== '').join('\n'),
  site: facts.siteName,
  customer: facts.customerName,
  device: facts.deviceName,
  check: facts.checkName,
  advice: facts.advice,
  since: facts.openedAt,
  until: facts.resolvedAt,
  zone: facts.zone,
  children: facts.children,
  incident: facts.id,
  lines: [],
});
