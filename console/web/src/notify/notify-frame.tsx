// The head that all pages of notifications share: their views, each with an address of its own.
import type { ReactNode } from 'react';
import { may } from '#console/web/src/rights/may.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { TabLink, Tabs } from '#console/web/src/ui/tabs.tsx';
import { t } from './text.ts';
import './notify.css';

const VIEWS = [
  { key: 'log', to: '/notifications', needs: 'notification.read' },
  { key: 'routes', to: '/notifications/routes', needs: 'notify.read' },
  { key: 'escalations', to: '/notifications/escalations', needs: 'notify.read' },
  { key: 'onCall', to: '/notifications/on-call', needs: 'notify.read' },
  { key: 'contacts', to: '/notifications/contacts', needs: 'notify.read' },
  { key: 'channels', to: '/notifications/channels', needs: 'notify.read' },
] as const;
export type NotifyView = (typeof VIEWS)[number]['key'];

interface FrameProps {
  view: NotifyView;
  /** What one can do there. */
  acts?: ReactNode;
  children: ReactNode;
}

export function NotifyFrame({ view, acts, children }: FrameProps) {
  const title = t(`title_${view}`);
  usePageTitle(title);
  return (
    <>
      <PageHead title={title} note={<span className="block max-w-prose">{t(`note_${view}`)}</span>}>
        {acts}
      </PageHead>
      <div className="mb-3">
        <Tabs label={t('views')}>
          {VIEWS.filter(({ needs }) => may(needs)).map(({ key, to }) => (
            <TabLink
              key={key}
              to={to}
              activeOptions={{ exact: true }}
              resetScroll={false}
              aria-current={key === view ? 'page' : undefined}
            >
              {t(`tab_${key}`)}
            </TabLink>
          ))}
        </Tabs>
      </div>
      {children}
    </>
  );
}
