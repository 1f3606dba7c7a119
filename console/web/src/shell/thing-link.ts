// Where a found thing is opened: its own page when there is one, else the fleet as it is narrowed to it.
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { RecentThing } from './recent.ts';

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

export interface Place {
  to: string;
  search?: { q?: string; customer?: string; site?: string };
}

/** `hasRoute` says which pages stand. */
export function placeOf({ kind, id, name }: RecentThing, hasRoute: (path: string) => boolean): Place {
  switch (kind) {
    case 'device':
      return { to: `/devices/${id}` };
    case 'site':
      return hasRoute('/sites/$id') ? { to: `/sites/${id}` } : { to: '/fleet', search: { site: id } };
    case 'customer':
      return { to: '/fleet', search: { customer: id } };
    case 'group':
      return { to: '/fleet', search: { q: `group:${quoted(name)}` } };
    case 'tag':
      return { to: '/fleet', search: { q: `tag:${quoted(name)}` } };
    case 'relay':
      return hasRoute('/relays') ? { to: '/relays' } : { to: '/fleet', search: { q: `relay=${quoted(name)}` } };
  }
}

export function useOpenThing(): (thing: RecentThing) => void {
  const { routesByPath } = useRouter();
  const navigate = useNavigate();
  return useCallback(
    (thing) => {
      const { to, search = {} } = placeOf(thing, (path) => path in routesByPath);
      // The path is one of the routes of the table, the search what that page reads.
      void navigate({ to, search } as Parameters<typeof navigate>[0]);
    },
    [routesByPath, navigate],
  );
}
