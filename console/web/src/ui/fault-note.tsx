// One clear sentence for what went wrong, and a way to try again.
import { faultText } from '#console/web/src/api/fault.ts';
import { t } from './text.ts';

export function FaultNote({ error, onRetry, what }: { error: unknown; onRetry: () => void; what: string }) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 rounded-md border border-down/40 bg-surface px-4 py-3"
    >
      <p className="m-0 grow">
        <strong className="font-medium text-down">{what}</strong> <span className="text-muted">{faultText(error)}</span>
      </p>
      <button type="button" className="button" onClick={onRetry}>
        {t('tryAgain')}
      </button>
    </div>
  );
}
