// The form of a maintenance window: what was typed, and the window that it makes.
import { LayerId, SiteId } from '#shared/base/id.ts';
import { CheckId } from '#shared/model/check.ts';
import type { PartWish } from '#shared/model/watch-part.ts';
import type { MaintenanceWindow } from '#shared/model/watch-policy.ts';

export const REPEATS = ['once', 'daily', 'weekly', 'monthly', 'own'] as const;
type Repeat = (typeof REPEATS)[number];

export interface WindowForm {
  customer: string;
  name: string;
  startsAt: string;
  zone: string;
  minutes: string;
  repeat: Repeat;
  rule: string;
  sites: string[];
  layers: string[];
  checks: string;
  /** Devices are chosen elsewhere, and stay. */
  former: MaintenanceWindow | undefined;
}

export const WINDOW_FIELDS = ['name', 'startsAt', 'zone', 'minutes', 'rule', 'checks'];

const RULES: Readonly<Record<Exclude<Repeat, 'own'>, string | undefined>> = {
  once: undefined,
  daily: 'FREQ=DAILY',
  weekly: 'FREQ=WEEKLY',
  monthly: 'FREQ=MONTHLY',
};

const repeatOf = (rule: string | undefined): Repeat =>
  REPEATS.find((repeat) => repeat !== 'own' && RULES[repeat] === rule) ?? 'own';

export function formOf(
  window: MaintenanceWindow | undefined,
  fresh: Pick<WindowForm, 'customer' | 'zone'>,
): WindowForm {
  return {
    ...fresh,
    name: window?.name ?? '',
    startsAt: window?.startsAt.slice(0, 16) ?? '',
    zone: window?.zone ?? fresh.zone,
    minutes: window === undefined ? '60' : String(window.durationMs / 60_000),
    repeat: repeatOf(window?.rule),
    rule: window?.rule ?? '',
    sites: [...(window?.sites ?? [])],
    layers: [...(window?.layers ?? [])],
    checks: (window?.checks ?? []).join(', '),
    former: window,
  };
}

const MAX_MINUTES = 43_200;
const checksOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

export type WindowFault = 'noName' | 'badStart' | 'badLasts' | 'badRule' | 'badId';

/** By field; empty when nothing is wrong that can be seen here. */
export function faultsOf(form: WindowForm): Record<string, WindowFault> {
  const minutes = Number(form.minutes);
  const faults: ReadonlyArray<[string, boolean, WindowFault]> = [
    ['name', form.name.trim() === '', 'noName'],
    ['startsAt', !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d$/.test(form.startsAt.trim()), 'badStart'],
    ['minutes', !(minutes >= 1 && minutes <= MAX_MINUTES), 'badLasts'],
    ['rule', form.repeat === 'own' && form.rule.trim() === '', 'badRule'],
    ['checks', checksOf(form.checks).some((id) => !CheckId.safeParse(id).success), 'badId'],
  ];
  return Object.fromEntries(faults.flatMap(([field, isFault, text]) => (isFault ? [[field, text]] : [])));
}

export function wishOf(form: WindowForm): PartWish {
  const rule = form.repeat === 'own' ? form.rule.trim() : RULES[form.repeat];
  const checks = checksOf(form.checks);
  const devices = form.former?.devices;
  return {
    kind: 'window',
    body: {
      name: form.name.trim(),
      startsAt: `${form.startsAt.trim().replace(' ', 'T')}:00`,
      zone: form.zone,
      durationMs: Math.round(Number(form.minutes) * 60_000),
      ...(rule === undefined ? {} : { rule }),
      ...(form.sites.length === 0 ? {} : { sites: form.sites.map((id) => SiteId.parse(id)) }),
      ...(form.layers.length === 0 ? {} : { layers: form.layers.map((id) => LayerId.parse(id)) }),
      ...(devices === undefined ? {} : { devices }),
      ...(checks.length === 0 ? {} : { checks: checks.map((id) => CheckId.parse(id)) }),
    },
  };
}
