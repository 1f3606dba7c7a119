// The pages one can go to: those of the table whose route stands.
import { type RegisteredRouter, useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useHeldVerbs } from '#console/web/src/rights/may.ts';
import { isVerbHeld } from '#console/web/src/rights/verb-pattern.ts';
import { PAGES, type PageEntry } from './pages.ts';

export type RoutePath = keyof RegisteredRouter['routesByPath'];
export type OpenPage = PageEntry & { path: RoutePath };

export function usePages(): readonly OpenPage[] {
  const { routesByPath } = useRouter();
  const held = useHeldVerbs();
  return useMemo(
    () => PAGES.filter((page): page is OpenPage => page.path in routesByPath && isVerbHeld(held, page.permission)),
    [routesByPath, held],
  );
}
