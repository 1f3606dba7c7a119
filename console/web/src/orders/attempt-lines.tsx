// The tries of an order on a device that did not begin it: what each called for, why, and when the next one is.
import { reasonText } from '#console/web/src/fleet/value-text.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { ActionAttempt } from '#shared/contract/action-contract.ts';
import { t } from './text.ts';

const CLASSES = {
  transient: 'classTransient',
  device: 'classDevice',
  configuration: 'classConfiguration',
  fatal: 'classFatal',
} as const;

export function AttemptLines({ attempts, isWaiting }: { attempts: readonly ActionAttempt[]; isWaiting: boolean }) {
  const last = attempts.at(-1);
  if (last === undefined) return null;
  return (
    <details className="mt-1">
      <summary className="text-sm text-muted">
        {t('tries', { count: last.n })}, {t(CLASSES[last.class])}
        {isWaiting && last.nextAt !== null && `; ${t('nextTry', { time: fullTime(last.nextAt) })}`}
      </summary>
      <ol className="m-0 list-none p-0 text-sm">
        {attempts.map(({ n, at, class: kind, reason, detail }) => (
          <li key={n} className="wrap-anywhere">
            {t('tryAt', { n, time: fullTime(at) })} {reason === null ? '' : reasonText(reason)} ({t(CLASSES[kind])})
            <span className="block font-mono text-xs text-muted">{inert(detail ?? '').slice(0, 300)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
