// In place of what a machine did not tell: that it is unknown, and why. An empty list would be a lie.
import { Icon } from '#console/web/src/ui/icon.tsx';
import { t } from './text.ts';

const WHYS = ['denied', 'unsupported', 'malformed', 'too-large', 'refused'] as const;

export function UnknownNote({ reason }: { reason: string }) {
  const known = WHYS.find((one) => one === reason);
  const why = known === undefined ? t('why_other', { reason }) : t(`why_${known}`);
  return (
    <p className="m-0 flex max-w-prose items-start gap-2 py-1 text-muted">
      <Icon name="info" className="mt-0.5" />
      <span>
        {t('unknownBecause', { why })} {known === 'denied' && <Coded text={t('todo_denied')} />}
      </span>
    </p>
  );
}

/** Commands stand between backticks. */
const Coded = ({ text }: { text: string }) =>
  text.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={part}>{part}</code>));
