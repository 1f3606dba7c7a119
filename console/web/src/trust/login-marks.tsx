// The state and the end of a login, by word and sign.
import { agoText, dateOf } from '#console/web/src/text/time.ts';
import { StalenessMark } from '#console/web/src/ui/age.tsx';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { endWarning } from './end-warning.ts';
import { type Login, type LoginState, stateOf } from './login-rows.ts';
import { t } from './text.ts';

const LOOKS: Readonly<Record<LoginState, { icon: IconName; tone: string }>> = {
  open: { icon: 'check', tone: 'text-up' },
  waiting: { icon: 'clock', tone: 'text-changed' },
  reseal: { icon: 'warning', tone: 'text-down' },
  revoked: { icon: 'close', tone: 'text-muted' },
};

export function LoginStateMark({ login }: { login: Login }) {
  const state = stateOf(login);
  const { icon, tone } = LOOKS[state];
  return (
    <span className={`inline-flex items-center gap-1.5 ${tone}`}>
      <Icon name={icon} className="size-3.5" />
      <span className={state === 'open' ? 'text-muted' : 'font-medium'}>{t(`state_${state}`)}</span>
    </span>
  );
}

export function LoginEnd({ notAfter, now }: { notAfter: number | null; now: number }) {
  if (notAfter === null) return <span className="text-muted">{t('never')}</span>;
  const warning = endWarning(notAfter, now);
  const date = dateOf(notAfter);
  if (warning === undefined) return <span>{date}</span>;
  if (warning === 'over')
    return (
      <span className="inline-flex items-center gap-1.5 font-medium text-down">
        <Icon name="warning" className="size-3.5" />
        {t('ended', { date })}
      </span>
    );
  const text = t('endsIn', { date, ago: agoText(notAfter, now) });
  return warning === 'soon' ? (
    <StalenessMark text={text} />
  ) : (
    <span
      className={`inline-flex items-center gap-1.5 font-medium ${warning === 'last' ? 'text-down' : 'text-changed'}`}
    >
      <Icon name="warning" className="size-3.5" />
      {text}
    </span>
  );
}
