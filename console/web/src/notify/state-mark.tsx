// How far a notification came, by sign, colour and word.
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import type { Notification } from './notify-data.ts';
import { stateText } from './notify-words.ts';

const LOOKS: Readonly<Record<Notification['state'], { icon: IconName; colour: string }>> = {
  waiting: { icon: 'clock', colour: 'text-muted' },
  held: { icon: 'clock', colour: 'text-changed' },
  sending: { icon: 'up', colour: 'text-accent' },
  retrying: { icon: 'refresh', colour: 'text-changed' },
  sent: { icon: 'check', colour: 'text-up' },
  dead: { icon: 'warning', colour: 'text-down' },
  dropped: { icon: 'minus', colour: 'text-muted' },
};

export function StateMark({ state }: { state: Notification['state'] }) {
  const { icon, colour } = LOOKS[state];
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${colour}`}>
      <Icon name={icon} className="size-3.5" />
      {stateText(state)}
    </span>
  );
}
