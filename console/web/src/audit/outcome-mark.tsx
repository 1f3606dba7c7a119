// How a deed ended, by shape and word.
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { OUTCOMES, type Outcome } from './audit-search.ts';
import { t } from './text.ts';

const LOOKS: Readonly<Record<Outcome, readonly [IconName, string]>> = {
  ok: ['check', 'text-up'],
  denied: ['lock', 'text-changed'],
  refused: ['close', 'text-changed'],
  failed: ['warning', 'text-down'],
};

export function OutcomeMark({ outcome }: { outcome: string }) {
  const known = OUTCOMES.find((one) => one === outcome);
  // A later release may know more ends than this page.
  if (known === undefined) return <span>{outcome}</span>;
  const [icon, colour] = LOOKS[known];
  return (
    <span className="inline-flex items-center gap-1 align-top whitespace-nowrap">
      <Icon name={icon} className={`size-3.5 ${colour}`} />
      {t(`outcome_${known}`)}
    </span>
  );
}
