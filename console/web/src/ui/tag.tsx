// Small words: a tag with a tone, and a badge with a number. The word carries the meaning, the tone only helps.
import { integer } from '#console/web/src/text/format.ts';
import { Icon, type IconName } from './icon.tsx';
import { t } from './text.ts';

const TONES = {
  plain: '',
  accent: 'text-accent',
  up: 'text-up',
  down: 'text-down',
  changed: 'text-changed',
  simulated: 'text-simulated',
} as const;
export type Tone = keyof typeof TONES;

interface TagProps {
  text: string;
  tone?: Tone;
  icon?: IconName;
  onRemove?: () => void;
}

export function Tag({ text, tone = 'plain', icon, onRemove }: TagProps) {
  return (
    <span className={`tag ${TONES[tone]}`} data-tone={tone} title={text}>
      {icon !== undefined && <Icon name={icon} className="size-3" />}
      <span className="tag-text">{text}</span>
      {onRemove !== undefined && (
        <button type="button" className="tag-remove" aria-label={t('removeTag', { tag: text })} onClick={onRemove}>
          <Icon name="close" className="size-3" />
        </button>
      )}
    </span>
  );
}

/** `label` says what is counted: "4 down". */
export function Badge({
  count,
  label,
  tone = 'plain',
}: {
  count: number;
  label: string;
  tone?: 'plain' | 'down' | 'accent';
}) {
  return (
    <span className="badge" data-tone={tone} title={label}>
      <span aria-hidden="true">{count > 999 ? `${integer(999)}+` : integer(count)}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
