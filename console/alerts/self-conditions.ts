// What is wrong with relays, sites and the console itself, read from how they are now. Pure.
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { Subject } from './alert-rows.ts';
import type { AlertRules } from './alert-rules.ts';
import { LATE_MS } from './lasting-lag.ts';
import type { OwnCheck } from './own-checks.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const GIB = 1024 ** 3;

export interface OwnCondition {
  subject: Subject;
  check: OwnCheck;
  severity: Severity;
  detail: string;
  /** True time at which it began, as far as is known. */
  since: number;
}

export interface WatchedRelay {
  id: RelayId;
  name: string;
  site: SiteId;
  siteName: string;
  /** By the console's clock; null before its first link. */
  lastSeenAt: number | null;
  isConnected: boolean;
  /** It roams with its machine, which may be off: its silence is nobody's fault. */
  mayBeAway: boolean;
  certificateExpiresAt: number;
  clockSkewMs: number | null;
  health: RelayHealth | undefined;
  /** Since when it kept more than a link has in flight; null while it does not. */
  backlogSince: number | null;
}

export interface SelfPicture {
  now: number;
  /** When this console began to listen. */
  startedAt: number;
  rules: AlertRules;
  relays: readonly WatchedRelay[];
  charters: ReadonlyArray<{ site: SiteId; siteName: string; expiresAt: number }>;
  room: 'plenty' | 'low' | 'short' | 'full';
  certificateExpiresAt: number | undefined;
  /** How old live samples are when they are stored, where that has lasted. */
  ingestLagMs: number | null;
  /** Hours that have come and cannot be sealed: since when, and why; null for none. */
  sealTrouble: { since: number; message: string } | null;
  /** When the oldest row of the outbox was written that nobody took; null for none. */
  waitingSince: number | null;
}

const ofRelay = ({ id, site }: WatchedRelay): Subject => ({ site, relay: id, device: null });
const ofSite = (site: SiteId): Subject => ({ site, relay: null, device: null });
const OF_CONSOLE: Subject = { site: null, relay: null, device: null };

/** Fewer say nothing of the console's own line. */
const MIN_SITES_CUT_OFF = 3;
/** A line that breaks is noticed by all who use it within a heartbeat and a retry. */
const TOGETHER_MS = 2 * MINUTE_MS;

/** Relays that should be linked and are not; the first minutes after a start nothing is said of any. */
export function silences(picture: SelfPicture): OwnCondition[] {
  const { now, startedAt, rules } = picture;
  if (now - startedAt < rules.graceMs) return [];
  const watched = picture.relays.filter(({ mayBeAway, lastSeenAt }) => !mayBeAway && lastSeenAt !== null);
  const silent = watched.filter(
    ({ isConnected, lastSeenAt }) => !isConnected && now - (lastSeenAt ?? now) >= rules.relaySilentMs,
  );
  return [...cutOff(watched, silent), ...silentSites(watched, silent), ...silent.map(silentRelay)];
}

const seenAt = ({ lastSeenAt }: WatchedRelay): number => lastSeenAt ?? 0;
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

function silentRelay(relay: WatchedRelay): OwnCondition {
  const detail = `relay ${relay.name} of ${relay.siteName} is silent since ${iso(seenAt(relay))} UTC`;
  return { subject: ofRelay(relay), check: 'relay.silent', severity: 'critical', detail, since: seenAt(relay) };
}

/** Of a site with one relay its silence says as much. */
function silentSites(watched: readonly WatchedRelay[], silent: readonly WatchedRelay[]): OwnCondition[] {
  return [...new Set(silent.map(({ site }) => site))].flatMap((site) => {
    const gone = silent.filter((relay) => relay.site === site);
    const relays = watched.filter((relay) => relay.site === site);
    const [first] = gone;
    if (first === undefined || gone.length < 2 || gone.length < relays.length) return [];
    const since = Math.max(...gone.map(seenAt));
    const detail = `${first.siteName} is cut off: all ${gone.length} relays are silent since ${iso(since)} UTC`;
    return [{ subject: ofSite(site), check: 'site.silent' as const, severity: 'critical' as const, detail, since }];
  });
}

function cutOff(watched: readonly WatchedRelay[], silent: readonly WatchedRelay[]): OwnCondition[] {
  const times = silent.map(seenAt);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  // Those that were silent long before are another matter.
  const together = silent.filter((relay) => seenAt(relay) >= last - TOGETHER_MS);
  const sites = new Set(together.map(({ site }) => site));
  const others = watched.filter((relay) => !together.includes(relay) && seenAt(relay) >= last - TOGETHER_MS);
  if (sites.size < MIN_SITES_CUT_OFF || others.length > 0) return [];
  const since = Math.max(first, last - TOGETHER_MS);
  const detail = `no relay reaches this console since ${iso(since)} UTC: ${together.length} of ${sites.size} sites are silent`;
  return [{ subject: OF_CONSOLE, check: 'console.cut-off', severity: 'critical', detail, since }];
}

/** The severity by what is left of a time; undefined while there is enough. */
function byTimeLeft(leftMs: number, days: { medium: number; high: number; critical: number }): Severity | undefined {
  const left = leftMs / DAY_MS;
  if (left <= days.critical) return 'critical';
  if (left <= days.high) return 'high';
  return left <= days.medium ? 'medium' : undefined;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What a relay that is linked says of itself. */
export function relayTroubles({ now, relays }: SelfPicture): OwnCondition[] {
  return relays.flatMap((relay) => [...ends(relay, now), ...clock(relay, now), ...stores(relay, now)]);
}

function ends(relay: WatchedRelay, now: number): OwnCondition[] {
  // They renew with a third of their fourteen days left; below four something keeps them from it.
  const severity = byTimeLeft(relay.certificateExpiresAt - now, { medium: 4, high: 2, critical: 1 });
  if (severity === undefined) return [];
  const detail = `the certificate of relay ${relay.name} ends on ${day(relay.certificateExpiresAt)}`;
  return [{ subject: ofRelay(relay), check: 'relay.certificate', severity, detail, since: now }];
}

/** Orders are refused at five minutes; half of that is time to set it. */
function clock(relay: WatchedRelay, now: number): OwnCondition[] {
  const skew = Math.abs(relay.clockSkewMs ?? 0);
  if (!relay.isConnected || skew < 2.5 * MINUTE_MS) return [];
  const severity: Severity = skew >= 5 * MINUTE_MS ? 'high' : 'medium';
  const detail = `the clock of relay ${relay.name} is ${Math.round(skew / 1_000)} s off`;
  return [{ subject: ofRelay(relay), check: 'relay.clock', severity, detail, since: now }];
}

/** A quarter of an hour: what a line that was away for minutes leaves behind is told by then. */
const BACKLOG_MS = 15 * MINUTE_MS;

function stores(relay: WatchedRelay, now: number): OwnCondition[] {
  const { health, backlogSince, name } = relay;
  const found: OwnCondition[] = [];
  const add = (check: OwnCheck, severity: Severity, detail: string, since = now) =>
    found.push({ subject: ofRelay(relay), check, severity, detail, since });
  if (backlogSince !== null && now - backlogSince >= BACKLOG_MS)
    add(
      'relay.backlog',
      'high',
      `relay ${name} keeps batches for this console since ${iso(backlogSince)} UTC`,
      backlogSince,
    );
  if (health === undefined || !relay.isConnected) return found;
  const free = health.diskFreeBytes;
  // A spool holds 1 GiB by default; below that it cannot grow to its quota.
  if (free !== undefined && free < GIB)
    add(
      'relay.disk',
      free < GIB / 4 ? 'critical' : 'high',
      `relay ${name}: ${Math.round(free / 1024 ** 2)} MiB are free`,
    );
  const used = health.spoolBytes / Math.max(1, health.spoolQuotaBytes);
  if (used >= 0.8)
    add(
      'relay.spool',
      used >= 0.95 ? 'critical' : 'high',
      `relay ${name}: ${Math.floor(used * 100)} % of the spool is used`,
    );
  return found;
}

const ROOM: Readonly<Record<SelfPicture['room'], Severity | undefined>> = {
  plenty: undefined,
  low: 'medium',
  short: 'high',
  full: 'critical',
};

/** The console itself, and the charters it keeps. */
export function consoleTroubles(picture: SelfPicture): OwnCondition[] {
  const { now, charters, certificateExpiresAt, ingestLagMs, sealTrouble, waitingSince } = picture;
  const found: OwnCondition[] = [];
  const add = (check: OwnCheck, severity: Severity | undefined, detail: string, since = now, subject = OF_CONSOLE) => {
    if (severity !== undefined) found.push({ subject, check, severity, detail, since });
  };
  add('console.disk', ROOM[picture.room], `the disk of the data folder is ${picture.room} of room`);
  if (certificateExpiresAt !== undefined)
    add(
      'console.certificate',
      byTimeLeft(certificateExpiresAt - now, { medium: 21, high: 7, critical: 1 }),
      `the certificate of the browsers' port ends on ${day(certificateExpiresAt)}`,
    );
  for (const { site, siteName, expiresAt } of charters)
    add(
      'site.charter',
      byTimeLeft(expiresAt - now, { medium: 30, high: 14, critical: 3 }),
      `the charter of ${siteName} ends on ${day(expiresAt)}`,
      now,
      ofSite(site),
    );
  if (ingestLagMs !== null && ingestLagMs >= LATE_MS)
    add(
      'console.ingest',
      ingestLagMs >= 5 * MINUTE_MS ? 'critical' : 'high',
      `samples are stored ${Math.round(ingestLagMs / 1_000)} s late`,
    );
  // What fails once is tried again after ten seconds, then ever more seldom: in these minutes it was tried five times.
  else if (sealTrouble !== null && now - sealTrouble.since >= 5 * MINUTE_MS)
    add('console.ingest', 'high', `hours of metrics cannot be sealed: ${sealTrouble.message}`, sealTrouble.since);
  // Notify takes each row within seconds, whatever becomes of the message.
  if (waitingSince !== null && now - waitingSince >= 5 * MINUTE_MS)
    add('console.notify', 'critical', `messages wait since ${iso(waitingSince)} UTC`, waitingSince);
  return found;
}

/** Everything that fails now, what explains others first. */
export const conditionsOf = (picture: SelfPicture): OwnCondition[] => [
  ...silences(picture),
  ...relayTroubles(picture),
  ...consoleTroubles(picture),
];
