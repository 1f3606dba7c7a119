// Joins what is wrong: findings to alerts and incidents, their clock, the board, and the way out to notify.
import { can } from '#console/access/can.ts';
import { AlertClock } from '#console/alerts/alert-clock.ts';
import { AlertOutbox } from '#console/alerts/alert-outbox.ts';
import type { AlertRules } from '#console/alerts/alert-rules.ts';
import { Alerts } from '#console/alerts/alerts.ts';
import { SignedChecks } from '#console/alerts/check-book.ts';
import { IncidentActs } from '#console/alerts/incident-acts.ts';
import { IncidentBoard } from '#console/alerts/incident-board.ts';
import { OWN_CHECKS } from '#console/alerts/own-checks.ts';
import { OwnReports } from '#console/alerts/own-reports.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import { activeVersions, documentsOf } from '#console/policies/document-repository.ts';
import type { Store } from '#console/store/database.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import { readWatch } from '#shared/seal/watch-seal.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { publishIncidents } from './live-changes.ts';

export interface AlertParts {
  store: Store;
  audit: Audit;
  random: RandomBytes;
  feed: ChangeFeed;
  rules: AlertRules;
  /** Told after the commit: something waits in the outbox. */
  onNews?: (() => void) | undefined;
}

export function composeAlerts({ clock, log }: Pick<ConsoleDeps, 'clock' | 'log'>, parts: AlertParts) {
  const { store, audit, random, feed, rules, onNews } = parts;
  const book = checkBook(store);
  const outlets = {
    onIncidents: (incidents: Parameters<typeof publishIncidents>[2]) => publishIncidents(feed, clock, incidents),
    onNews,
  };
  const alerts = new Alerts({ store, clock, random, rules, book, outlets });
  return {
    alerts,
    checkBook: book,
    ownReports: new OwnReports({ clock }),
    alertClock: new AlertClock({ store, clock, alerts, rules, log: log.room('alerts') }),
    outbox: new AlertOutbox({ store, book }),
    incidents: { board: new IncidentBoard({ store, book }), acts: new IncidentActs({ store, alerts, audit }) },
  };
}

function checkBook(store: Store): SignedChecks {
  const boot = can({ kind: 'system', part: 'alerts' }, 'policy.read');
  if (!boot.allowed) throw new AppError('internal', 'the console may read what people signed');
  const { scope } = boot;
  return new SignedChecks({
    known: [...SHIPPED_CHECKS, ...OWN_CHECKS],
    versions: async () => [...(await activeVersions(store.db, scope)).values()],
    checksOf: async (versions) => {
      const documents = await documentsOf(store.db, versions);
      return documents.flatMap(({ signed }) =>
        readWatch(signed).layers.flatMap(({ settings }) => settings.checks ?? []),
      );
    },
  });
}
