// The words of findings, alerts and incidents, apart from their schemas: browsers list them without the library of schemas.

/** The worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ALERT_TYPES = [
  'performance',
  'security',
  'availability',
  'health',
  'compliance',
  'update',
  'custom',
] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

/** In the order of an alert's life; a resolved one may open again within its reopen window. */
export const ALERT_STATES = ['triggered', 'active', 'acknowledged', 'resolved', 'archived'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** `always-on`: silence is an outage. `when-used`: a device that is off is away, and its daily work waits for the next contact. */
export const PRESENCES = ['always-on', 'when-used'] as const;
export type Presence = (typeof PRESENCES)[number];

/** 0 is the worst. */
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);
