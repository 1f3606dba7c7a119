// Scores in words, and the past as cells of a strip.
import { dateOf } from '#console/web/src/text/time.ts';
import type { HeatCell, HeatLevel } from '#console/web/src/ui/heat-strip.tsx';
import { bucketOf } from '#shared/judge/health/bucket.ts';
import { type HealthBucket, USUAL_BOUNDS } from '#shared/model/health-words.ts';
import type { DeviceHealth, HealthMoment, HealthPart } from './health-data.ts';
import type { en } from './text.en.ts';
import { t } from './text.ts';

export const bucketText = (bucket: HealthBucket): string => t(`bucket_${bucket}`);
export const partText = (part: HealthPart['part']): string => t(`part_${part}`);

const POINTS: Readonly<Record<string, keyof typeof en & `point_${string}`>> = {
  status: 'point_status',
  contact: 'point_contact',
  alerts: 'point_alerts',
  cpu: 'point_cpu',
  memory: 'point_memory',
  disk: 'point_disk',
  antivirus: 'point_antivirus',
  firewall: 'point_firewall',
  'disk-encryption': 'point_encryption',
  'local-admins': 'point_admins',
  'password-policy': 'point_passwords',
  'open-ports': 'point_ports',
  certificates: 'point_certificates',
  'security-log': 'point_log',
  updates: 'point_updates',
  reboot: 'point_reboot',
  software: 'point_software',
  identity: 'point_identity',
  inventory: 'point_inventory',
};

/** A console of a later release may have more: they stand as it calls them. */
export function pointText(id: string): string {
  const key = POINTS[id];
  return key === undefined ? id : t(key);
}

export const bucketOfSum = (sum: Pick<HealthMoment, 'score' | 'confidence'>): HealthBucket =>
  bucketOf(sum, USUAL_BOUNDS);

const LEVELS: Readonly<Record<HealthBucket, HeatLevel>> = { good: 'good', fair: 'weak', poor: 'bad', unknown: 'none' };
const DAY_MS = 86_400_000;

/** A cell a day: the last that was known of each, and nothing for days of which nobody knows. */
export function cellsOf(moments: readonly HealthMoment[], now: number, days: number): HeatCell[] {
  const byDay = new Map<number, HealthMoment>();
  for (const moment of moments) byDay.set(Math.floor(moment.at / DAY_MS), moment);
  const today = Math.floor(now / DAY_MS);
  return Array.from({ length: days }, (_, n) => {
    const day = today - days + 1 + n;
    const moment = byDay.get(day);
    const date = dateOf(day * DAY_MS);
    if (moment === undefined) return { key: day, level: 'none', text: t('dayUnknown', { date }) };
    return { key: day, level: LEVELS[bucketOfSum(moment)], text: t('dayScore', { date, score: moment.score }) };
  });
}

/** The points that cost most stand first: that is what one can do something about. */
export function lossesOf({
  parts,
}: DeviceHealth): Array<{ part: HealthPart['part']; point: HealthPart['points'][number] }> {
  return parts
    .flatMap(({ part, points }) => points.map((point) => ({ part, point })))
    .filter(({ point }) => point.got < point.of)
    .sort((a, b) => b.point.of - b.point.got - (a.point.of - a.point.got));
}
