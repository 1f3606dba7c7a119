// How much an entry matters: a mark and always the word.
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import type { LogEntry } from './log-data.ts';
import { t } from './text.ts';

const LOOKS: Readonly<Record<LogEntry['level'], readonly [icon: IconName, tone: string]>> = {
  critical: ['close', 'text-down font-semibold'],
  error: ['close', 'text-down'],
  warning: ['warning', 'text-changed'],
  information: ['info', 'text-muted'],
  verbose: ['info', 'text-muted'],
  'audit-success': ['check', 'text-muted'],
  'audit-failure': ['lock', 'text-changed'],
};

export function LevelMark({ level }: { level: LogEntry['level'] }) {
  const [icon, tone] = LOOKS[level];
  return (
    <span className={`inline-flex items-center gap-1.5 ${tone}`}>
      <Icon name={icon} className="size-3.5" />
      {t(`is_${level}`)}
    </span>
  );
}
