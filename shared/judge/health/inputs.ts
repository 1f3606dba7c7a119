// What a score rests on: a device's state, its newest readings, two facts that answer with yes, no or unknown, and open alerts.
import type { EpochMs } from '#shared/base/clock.ts';
import type { AlertType, Presence, Severity } from '#shared/model/alert-words.ts';
import type { DeviceStatus } from '#shared/model/device.ts';
import type { HealthPartName } from '#shared/model/health-words.ts';
import type { SecurityVerdict } from '#shared/model/security-scan.ts';

/** The facts whose checks count. */
export const HEALTH_FACTS = ['security-scan', 'software-audit'] as const;
export type HealthFact = (typeof HEALTH_FACTS)[number];

/** A fact's checks: by id, what it says and in which words. */
export type FactChecks = ReadonlyMap<string, { verdict: SecurityVerdict; text: string }>;

/** The worst open alert of each part. */
export type OpenAlerts = Partial<Record<HealthPartName, Severity>>;

export interface HealthInputs {
  now: EpochMs;
  status: DeviceStatus;
  statusAt: EpochMs | null;
  presence: Presence;
  polledAt: EpochMs | null;
  intervalMs: number;
  /** 0 to 1; null: not known. */
  cpu: number | null;
  memory: number | null;
  /** Of the fullest filesystem, and which it is. */
  disk: number | null;
  mount: string;
  facts: Partial<Record<HealthFact, { at: EpochMs; checks: FactChecks }>>;
  alerts: OpenAlerts;
}

/** To which part an alert speaks. */
export const PART_OF_ALERT: Readonly<Record<AlertType, HealthPartName>> = {
  availability: 'availability',
  performance: 'performance',
  health: 'performance',
  custom: 'performance',
  security: 'security',
  compliance: 'compliance',
  update: 'compliance',
};

/** More is not shown, and a check of ours needs less. */
const MAX_TEXT = 200;
const MAX_CHECKS = 50;

/** Body of such a fact, as a relay sent it; empty where it is of no shape we know. */
export function factChecks(body: unknown): FactChecks {
  const found = new Map<string, { verdict: SecurityVerdict; text: string }>();
  const checks = isMembers(body) && Array.isArray(body['checks']) ? body['checks'] : [];
  for (const check of checks.slice(0, MAX_CHECKS)) {
    if (!isMembers(check) || typeof check['id'] !== 'string') continue;
    const { verdict, evidence } = check;
    found.set(check['id'], {
      verdict: verdict === 'yes' || verdict === 'no' ? verdict : 'unknown',
      text: typeof evidence === 'string' ? evidence.slice(0, MAX_TEXT) : '',
    });
  }
  return found;
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
