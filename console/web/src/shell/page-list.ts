// The pages one can go to: those of the table whose route stands.
import { type RegisteredRouter, useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { PAGES, type PageEntry } from './pages.ts';

export type RoutePath = keyof RegisteredRouter['routesByPath'];
export type OpenPage = PageEntry & { path: RoutePath };

export function usePages(): readonly OpenPage[] {
  const { routesByPath } = useRouter();
  return useMemo(() => PAGES.filter((page): page is OpenPage => page.path in routesByPath), [routesByPath]);
}
