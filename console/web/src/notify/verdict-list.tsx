// Why somebody was told, or not: each step of the way from an incident to a person, in order.
import { fullTime, secondOf } from '#console/web/src/text/time.ts';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import type { Verdict } from './notify-data.ts';
import { t } from './text.ts';

type Tone = 'told' | 'goes-on' | 'stops' | 'failed';

const LOOKS: Readonly<Record<Tone, { icon: IconName; colour: string }>> = {
  told: { icon: 'check', colour: 'text-up' },
  'goes-on': { icon: 'chevron-right', colour: 'text-muted' },
  stops: { icon: 'minus', colour: 'text-changed' },
  failed: { icon: 'warning', colour: 'text-down' },
};

const TONES: Readonly<Record<string, Tone>> = {
  sent: 'told',
  'told-by-relay': 'told',
  'route-fits': 'goes-on',
  'route-passes': 'goes-on',
  dead: 'failed',
  failed: 'failed',
  retrying: 'failed',
};

interface ListProps {
  verdicts: readonly Verdict[];
  /** Of what never happened there are none. */
  hasTimes?: boolean;
}

export function VerdictList({ verdicts, hasTimes = true }: ListProps) {
  if (verdicts.length === 0) return <p className="m-0 text-muted">{t('noVerdicts')}</p>;
  return (
    <ol className="verdicts" aria-label={t('why')}>
      {verdicts.map((verdict, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have their order and nothing else
        <Line key={at} verdict={verdict} hasTime={hasTimes} />
      ))}
    </ol>
  );
}

function Line({ verdict: { at, code, text }, hasTime }: { verdict: Verdict; hasTime: boolean }) {
  const { icon, colour } = LOOKS[TONES[code] ?? 'stops'];
  return (
    <li className="verdict" data-code={code}>
      <Icon name={icon} className={colour} />
      <span className="min-w-0 wrap-anywhere">
        {hasTime && (
          <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className="mr-2 text-xs text-muted">
            {secondOf(at)}
          </time>
        )}
        {text}
      </span>
    </li>
  );
}
