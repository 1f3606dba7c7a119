// Hours of the week in which a right holds: days and times, as many as it takes, on the clocks of one time zone.
import { ZoneField } from '#console/web/src/sites/zone-field.tsx';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { FieldError } from '#console/web/src/ui/field.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { type HoursDraft, newSpan, type SpanDraft } from './grant-draft.ts';
import { DAYS, daysText } from './grant-words.ts';
import { t } from './text.ts';

/** As many as the console takes. */
const MAX_SPANS = 21;

interface HoursFieldProps {
  draft: HoursDraft;
  /** What hours are given for. */
  label?: string;
  /** Where something else says whose clocks they are on. */
  hasZone?: boolean;
  error: string;
  onChange: (patch: Partial<HoursDraft>) => void;
}

export function HoursField({ draft, label = t('limitHours'), hasZone = true, error, onChange }: HoursFieldProps) {
  const { hasHours, spans, zone } = draft;
  const put = (at: number, span: SpanDraft) =>
    onChange({ spans: spans.map((one, place) => (place === at ? span : one)) });
  return (
    <>
      <Checkbox label={label} isOn={hasHours} onChange={(isOn) => onChange({ hasHours: isOn })} />
      {hasHours && (
        <>
          {spans.map((span, at) => (
            <Span
              // Nothing else tells one from another: they are as many as they are many.
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is what it is known by
              key={at}
              span={span}
              onChange={(next) => put(at, next)}
              {...(spans.length > 1 && { onDrop: () => onChange({ spans: spans.filter((_, place) => place !== at) }) })}
            />
          ))}
          {spans.length < MAX_SPANS && (
            <div>
              <Button isSmall icon="plus" onClick={() => onChange({ spans: [...spans, newSpan()] })}>
                {t('addSpan')}
              </Button>
            </div>
          )}
          {hasZone ? (
            <ZoneField zone={zone} error={error} onChoose={(next) => onChange({ zone: next })} />
          ) : (
            <FieldError id="hours-error" text={error} />
          )}
        </>
      )}
    </>
  );
}

interface SpanProps {
  span: SpanDraft;
  onChange: (span: SpanDraft) => void;
  onDrop?: () => void;
}

function Span({ span, onChange, onDrop }: SpanProps) {
  const { days } = span;
  const toggle = (day: (typeof DAYS)[number], isOn: boolean) =>
    // In the order of the week, as the words are.
    onChange({ ...span, days: DAYS.filter((one) => (one === day ? isOn : days.includes(one))) });
  return (
    <fieldset className="field-row rounded-md border border-line p-2">
      <legend className="sr-only">{`${t('hours')}: ${daysText(days)} ${span.from}–${span.until}`}</legend>
      <div className="flex flex-wrap gap-x-3">
        {DAYS.map((day) => (
          <Checkbox
            key={day}
            label={t(`day_${day}`)}
            isOn={days.includes(day)}
            onChange={(isOn) => toggle(day, isOn)}
          />
        ))}
      </div>
      <div className="flex items-end gap-2">
        <TextField label={t('from')} type="time" value={span.from} onText={(from) => onChange({ ...span, from })} />
        <TextField label={t('until')} type="time" value={span.until} onText={(until) => onChange({ ...span, until })} />
        {onDrop !== undefined && <IconButton isSmall icon="trash" label={t('dropSpan')} onClick={onDrop} />}
      </div>
    </fieldset>
  );
}
