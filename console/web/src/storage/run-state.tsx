// How a run of a job ended, by a shape, a word and a colour.
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import type { RunRow } from './storage-data.ts';
import { t } from './text.ts';

const LOOKS: Readonly<Record<RunRow['state'], { icon: IconName; tone: string }>> = {
  running: { icon: 'refresh', tone: 'text-accent' },
  ok: { icon: 'check', tone: 'text-up' },
  failed: { icon: 'warning', tone: 'text-down' },
  stopped: { icon: 'close', tone: 'text-changed' },
  skipped: { icon: 'minus', tone: 'text-muted' },
};

export function RunState({ state }: Pick<RunRow, 'state'>) {
  const { icon, tone } = LOOKS[state];
  return (
    <span className={`inline-flex items-center gap-1 align-bottom whitespace-nowrap ${tone}`}>
      <Icon name={icon} className="size-3.5" />
      {t(`state_${state}`)}
    </span>
  );
}
