// The rule of a group: the fleet's own filter field, and how many devices fit it now.
import { useId, useRef } from 'react';
import { FilterField } from '#console/web/src/fleet/filter-field.tsx';
import { readFilter } from '#console/web/src/fleet/filter-text.ts';
import { useFleet } from '#console/web/src/fleet/fleet.ts';
import { FieldError } from '#console/web/src/ui/field.tsx';
import { t } from './text.ts';
import { useFitting } from './use-fitting.ts';

interface RuleFieldProps {
  rule: string;
  error: string;
  onChange: (rule: string) => void;
  onSubmit: () => void;
}

export function RuleField({ rule, error, onChange, onSubmit }: RuleFieldProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  // Its values are what the field suggests.
  useFleet();
  const parsed = readFilter(rule);
  const fitting = useFitting(rule, parsed.ok);
  return (
    <div className="field-row form-wide">
      <span className="field-label">{t('rule')}</span>
      <FilterField
        state={{ text: rule, type: onChange, put: onChange }}
        fault={parsed.ok ? undefined : parsed}
        field={field}
        label={t('rule')}
        onDone={onSubmit}
      />
      <p className="field-hint" aria-live="polite">
        {fitting === undefined ? t('ruleHint') : t('fitting', { count: fitting })}
      </p>
      <FieldError id={`${id}-error`} text={error} />
    </div>
  );
}
