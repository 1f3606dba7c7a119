// A check in words of the page's language: what fails it, for how long, and how badly.
import { locale } from '#console/web/src/i18n/language.ts';
import { duration } from '#console/web/src/text/format.ts';
import { madeOnce } from '#console/web/src/text/made-once.ts';
import { inert } from '#shared/base/inert-text.ts';
import { SEVERITIES, type Severity } from '#shared/model/alert-words.ts';
import type { Check, Condition, Limits, SimpleCondition } from '#shared/model/check.ts';
import { t } from './text.ts';

const DAY_MS = 86_400_000;

export const severityText = (severity: Severity): string => t(`severity_${severity}`);

const daysText = (ms: number): string => (ms % DAY_MS === 0 ? t('days', { count: ms / DAY_MS }) : duration(ms));

/** A limit in the unit of its series, as far as the name tells it. What is signed is read here: six digits of it stand. */
const digits = madeOnce(() => new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 }));
const shares = madeOnce(() => new Intl.NumberFormat(locale, { style: 'percent', maximumSignificantDigits: 6 }));

function limitOf(series: string): (value: number) => string {
  if (series.endsWith('_ratio')) return (value) => shares().format(value);
  return series === 'system.uptime' ? daysText : (value) => digits().format(value);
}

/** The worst last, as it rises. */
const limitsText = (limits: Limits, textOf: (value: number) => string = String): string =>
  SEVERITIES.toReversed()
    .flatMap((severity) => {
      const limit = limits[severity];
      return limit === undefined ? [] : [t('limitAt', { severity: severityText(severity), value: textOf(limit) })];
    })
    .join(', ');

const whatOf = (what: string, instance: string | undefined): string =>
  instance === undefined ? inert(what) : t('ofInstance', { what: inert(what), instance: inert(instance) });
const held = (text: string, forMs: number): string =>
  forMs === 0 ? text : t('heldFor', { text, time: duration(forMs) });

function simpleText(when: SimpleCondition): string {
  switch (when.kind) {
    case 'threshold': {
      const way = t(when.above ? 'wayAbove' : 'wayBelow');
      const limits = limitsText(when.limits, limitOf(when.series));
      return held(t('saysThreshold', { what: whatOf(when.series, when.instance), way, limits }), when.forMs);
    }
    case 'rate': {
      const way = t(when.above ? 'wayAbove' : 'wayBelow');
      const limits = limitsText(when.limits, (value) => digits().format(value));
      const about = { limits, time: duration(when.withinMs) };
      return t('saysRate', { what: whatOf(when.series, when.instance), way, ...about });
    }
    case 'absence': {
      const severity = severityText(when.severity);
      return held(t('saysAbsence', { what: whatOf(when.series, when.instance), severity }), when.forMs);
    }
    case 'state': {
      const about = { states: when.is.map(inert).join(` ${t('or')} `), severity: severityText(when.severity) };
      return held(t('saysState', { what: whatOf(when.of, when.instance), ...about }), when.forMs);
    }
    case 'events': {
      const parts = [when.log, when.source, when.codes?.join(', '), when.levels?.join(', '), when.text];
      const named = parts.filter((part) => part !== undefined && part !== '').map((part) => inert(part ?? ''));
      const what = [t('anyEvent'), ...named].join(' ');
      return t('saysEvents', { what, time: duration(when.withinMs), limits: limitsText(when.limits) });
    }
    case 'age': {
      const limits = limitsText(when.limits, daysText);
      return t(when.above ? 'saysAgeAbove' : 'saysAgeBelow', { what: whatOf(when.of, when.instance), limits });
    }
  }
}

export function conditionText(when: Condition): string {
  if (when.kind !== 'compound') return simpleText(when);
  const all = when.of.map((one) => `(${simpleText(one)})`).join(` ${t(when.join === 'all' ? 'and' : 'or')} `);
  return held(`${all}: ${severityText(when.severity)}`, when.forMs);
}

export function checkText({ isOn, fits, when }: Check): string {
  const text = conditionText(when);
  const placed = fits === undefined ? text : t('whereFits', { text, rule: inert(fits) });
  return isOn ? placed : t('isOffNow', { text: placed });
}
