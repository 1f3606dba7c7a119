// In the place of a page whose right nobody gave: what it asks for, and who has it.
import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useMay } from './may.ts';
import { rightOfPage } from './page-right.ts';

const NoRight = lazy(async () => ({ default: (await import('./no-right.tsx')).NoRight }));

export function PageGuard() {
  const verb = useRouterState({ select: ({ location }) => rightOfPage(location.pathname) });
  if (useMay(verb)) return <Outlet />;
  return (
    <Suspense>
      <NoRight verb={verb ?? ''} />
    </Suspense>
  );
}
