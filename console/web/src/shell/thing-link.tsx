// Where a found thing is opened: its own page when there is one, else the fleet as it is narrowed to it.
import { Link, useNavigate, useRouter } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import type { RecentThing } from './recent.ts';

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

export interface Place {
  to: string;
  search?: { q: string };
}

/** `hasRoute` says which pages stand. */
export function placeOf({ kind, id, name }: RecentThing, hasRoute: (path: string) => boolean): Place {
  switch (kind) {
    case 'device':
      return { to: `/devices/${id}` };
    case 'site':
      return hasRoute('/sites/$id') ? { to: `/sites/${id}` } : { to: '/fleet', search: { q: `site=${quoted(name)}` } };
    case 'customer':
      return { to: '/fleet', search: { q: `customer=${quoted(name)}` } };
    case 'group':
      return { to: '/fleet', search: { q: `group:${quoted(name)}` } };
    case 'tag':
      return { to: '/fleet', search: { q: `tag:${quoted(name)}` } };
    case 'relay':
      return hasRoute('/relays') ? { to: '/relays' } : { to: '/fleet', search: { q: `relay=${quoted(name)}` } };
  }
}

type Target = Parameters<ReturnType<typeof useNavigate>>[0];

export function useThingPlace(): (thing: RecentThing) => Target {
  const { routesByPath } = useRouter();
  return useCallback(
    (thing) => {
      const { to, search = {} } = placeOf(thing, (path) => path in routesByPath);
      // The path is one of the routes of the table, the search what that page reads.
      return { to, search } as Target;
    },
    [routesByPath],
  );
}

export function useOpenThing(): (thing: RecentThing) => void {
  const place = useThingPlace();
  const navigate = useNavigate();
  return useCallback((thing) => void navigate(place(thing)), [place, navigate]);
}

interface ThingLinkProps {
  thing: RecentThing;
  className?: string;
  title?: string;
  children: ReactNode;
}

/** A link to whatever it is, wherever that is shown. */
export function ThingLink({ thing, children, ...rest }: ThingLinkProps) {
  const place = useThingPlace();
  return (
    <Link {...place(thing)} {...rest}>
      {children}
    </Link>
  );
}
