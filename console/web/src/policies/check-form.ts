// The form of one check: what was typed, what is wrong with it, and the check that it makes.
import { ALERT_TYPES, SEVERITIES, type Severity } from '#shared/model/alert-words.ts';
import { Check, CheckId, type Condition, type Limits } from '#shared/model/check.ts';

export const CHECK_KINDS = ['threshold', 'rate', 'absence', 'state', 'events', 'age'] as const;
export const AGES = ['certificate-end', 'backup', 'patch', 'security-patch', 'boot', 'reboot-pending'] as const;
type Kind = Condition['kind'];
type Age = (typeof AGES)[number];

export interface CheckForm {
  id: string;
  name: string;
  type: Check['type'];
  kind: Kind;
  isOn: boolean;
  series: string;
  instance: string;
  isAbove: boolean;
  limits: Record<Severity, string>;
  severity: Severity;
  forMinutes: string;
  withinMinutes: string;
  margin: string;
  states: string;
  age: Age;
  log: string;
  source: string;
  codes: string;
  words: string;
  fits: string;
  advice: string;
  /** Of several conditions at once: they stay as they are. */
  former: Condition | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_MINUTES = 43_200;
const EMPTY_LIMITS: Record<Severity, string> = { critical: '', high: '', medium: '', low: '', info: '' };

export const EMPTY_CHECK: CheckForm = {
  ...{ id: '', name: '', type: 'custom', kind: 'threshold', isOn: true, series: '', instance: '', isAbove: true },
  ...{ limits: EMPTY_LIMITS, severity: 'high', forMinutes: '5', withinMinutes: '60', margin: '0', states: '' },
  ...{ age: 'backup', log: '', source: '', codes: '', words: '', fits: '', advice: '', former: undefined },
};

const typed = (value: number | undefined, divisor = 1): string => (value === undefined ? '' : String(value / divisor));

export function formOf(check: Check): CheckForm {
  const { id, name, type, isOn, fits = '', advice, when } = check;
  const divisor = when.kind === 'age' ? DAY_MS : 1;
  const limits = 'limits' in when ? when.limits : {};
  return {
    ...{ ...EMPTY_CHECK, id, name, type, isOn, fits, advice, kind: when.kind, former: when },
    limits: {
      critical: typed(limits.critical, divisor),
      high: typed(limits.high, divisor),
      medium: typed(limits.medium, divisor),
      low: typed(limits.low, divisor),
      info: typed(limits.info, divisor),
    },
    ...('series' in when ? { series: when.series } : {}),
    ...('instance' in when ? { instance: when.instance ?? '' } : {}),
    ...('above' in when ? { isAbove: when.above } : {}),
    ...('severity' in when ? { severity: when.severity } : {}),
    ...('forMs' in when ? { forMinutes: typed(when.forMs, MINUTE_MS) } : {}),
    ...('withinMs' in when ? { withinMinutes: typed(when.withinMs, MINUTE_MS) } : {}),
    ...('margin' in when ? { margin: String(when.margin) } : {}),
    ...(when.kind === 'state' ? { series: when.of, states: when.is.join(', ') } : {}),
    ...(when.kind === 'age' ? { age: when.of } : {}),
    ...(when.kind === 'events'
      ? {
          ...{ log: when.log ?? '', source: when.source ?? '', words: when.text ?? '' },
          codes: (when.codes ?? []).join(', '),
        }
      : {}),
  };
}

const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.replace(',', '.')));

function limitsOf(form: CheckForm): Limits | undefined {
  const given = SEVERITIES.filter((severity) => form.limits[severity].trim() !== '');
  const entries = given.map((severity) => [severity, numberOf(form.limits[severity])] as const);
  if (entries.length === 0 || entries.some(([, value]) => Number.isNaN(value))) return undefined;
  const factor = form.kind === 'age' ? DAY_MS : 1;
  return Object.fromEntries(entries.map(([severity, value]) => [severity, value * factor]));
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

const msOf = (minutes: string): number => Math.round(numberOf(minutes) * MINUTE_MS);
const isMinutes = (minutes: string): boolean => numberOf(minutes) >= 0 && numberOf(minutes) <= MAX_MINUTES;

export type CheckFault =
  | 'noName'
  | 'badId'
  | 'noSeries'
  | 'noLimit'
  | 'noMinutes'
  | 'noMargin'
  | 'noState'
  | 'badCodes';

const hasLimits = (kind: Kind): boolean =>
  kind === 'threshold' || kind === 'rate' || kind === 'events' || kind === 'age';
const hasSeries = (kind: Kind): boolean =>
  kind === 'threshold' || kind === 'rate' || kind === 'absence' || kind === 'state';
const isHeld = (kind: Kind): boolean => kind !== 'rate' && kind !== 'events' && kind !== 'age';
const hasMargin = (kind: Kind): boolean => kind === 'threshold' || kind === 'rate';
const hasSpan = (kind: Kind): boolean => kind === 'rate' || kind === 'events';
export const has = { limits: hasLimits, series: hasSeries, held: isHeld, margin: hasMargin, span: hasSpan };

/** By field; empty when it makes a check. */
export function faultsOf(form: CheckForm): Partial<Record<keyof CheckForm, CheckFault>> {
  const { kind } = form;
  const faults: ReadonlyArray<[keyof CheckForm, boolean, CheckFault]> = [
    ['name', form.name.trim() === '', 'noName'],
    ['id', !CheckId.safeParse(form.id).success, 'badId'],
    ['series', hasSeries(kind) && form.series.trim() === '', 'noSeries'],
    ['limits', hasLimits(kind) && limitsOf(form) === undefined, 'noLimit'],
    ['forMinutes', isHeld(kind) && !isMinutes(form.forMinutes), 'noMinutes'],
    ['withinMinutes', hasSpan(kind) && !isMinutes(form.withinMinutes), 'noMinutes'],
    ['margin', hasMargin(kind) && !(numberOf(form.margin) >= 0), 'noMargin'],
    ['states', kind === 'state' && listOf(form.states).length === 0, 'noState'],
    ['codes', kind === 'events' && listOf(form.codes).some((code) => !/^\d+$/.test(code)), 'badCodes'],
  ];
  return Object.fromEntries(faults.flatMap(([field, isFault, text]) => (isFault ? [[field, text]] : [])));
}

function conditionOf(form: CheckForm): Condition | undefined {
  const { kind, severity, isAbove: above } = form;
  const limits = limitsOf(form) ?? {};
  const series = form.series.trim();
  const place = form.instance.trim() === '' ? {} : { instance: form.instance.trim() };
  const span = { forMs: msOf(form.forMinutes) };
  const within = { withinMs: msOf(form.withinMinutes) };
  switch (kind) {
    case 'threshold':
      return { kind, series, ...place, above, limits, ...span, margin: numberOf(form.margin) };
    case 'rate':
      return { kind, series, ...place, above, limits, ...within, margin: numberOf(form.margin) };
    case 'absence':
      return { kind, series, ...place, severity, ...span };
    case 'state':
      return { kind, of: series, ...place, is: listOf(form.states), severity, ...span };
    case 'events':
      return { kind, ...eventsOf(form), limits, ...within };
    case 'age':
      return { kind, of: form.age, ...place, above, limits };
    case 'compound':
      return form.former?.kind === 'compound' ? { ...form.former, severity, ...span } : undefined;
  }
}

function eventsOf(form: CheckForm) {
  const levels = form.former?.kind === 'events' ? form.former.levels : undefined;
  const codes = listOf(form.codes).map(Number);
  return {
    ...(form.log.trim() === '' ? {} : { log: form.log.trim() }),
    ...(form.source.trim() === '' ? {} : { source: form.source.trim() }),
    ...(codes.length === 0 ? {} : { codes }),
    ...(levels === undefined ? {} : { levels }),
    ...(form.words.trim() === '' ? {} : { text: form.words.trim() }),
  };
}

/** Undefined while something is wrong with the form. */
export function checkOf(form: CheckForm): Check | undefined {
  const when = Object.keys(faultsOf(form)).length > 0 ? undefined : conditionOf(form);
  if (when === undefined) return undefined;
  const fits = form.fits.trim() === '' ? {} : { fits: form.fits.trim() };
  const { id, type, isOn, advice } = form;
  const check = Check.safeParse({ id, name: form.name.trim(), type, when, isOn, ...fits, advice: advice.trim() });
  return check.success ? check.data : undefined;
}

export const TYPES = ALERT_TYPES;
