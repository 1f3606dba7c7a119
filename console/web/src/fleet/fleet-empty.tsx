// An empty place says the next step: what a new console needs, or what a filter that finds nothing can do without.
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { t } from './text.ts';

/** The same in every language. */
const STEPS = `npm run rmm -- site list
npm run rmm -- relay token --site <site>
npm run rmm -- device add <name> --site <site> --address <host> --credential <name>`;

export function EmptyFleet() {
  return (
    <div className="panel mt-2">
      <EmptyState title={t('emptyTitle')} body={t('emptyBody')}>
        <LinkButton to="/relays" kind="primary" needs="relay.enrol">
          {t('emptyEnrol')}
        </LinkButton>
        <LinkButton to="/devices/new" needs="device.write">
          {t('emptyAdd')}
        </LinkButton>
      </EmptyState>
      <pre className="code mx-auto mt-0 mb-6 w-fit max-w-[calc(100%-2rem)] px-3 py-2 text-xs leading-6 break-words whitespace-pre-wrap">
        {STEPS}
      </pre>
    </div>
  );
}

export function NothingFits({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title={t('nothingTitle')} body={t('nothingBody')}>
      <Button onClick={onClear}>{t('showAll')}</Button>
    </EmptyState>
  );
}
