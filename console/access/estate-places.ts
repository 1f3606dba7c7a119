// What rights ask of the estate: where a thing stands and what people call it. The fleet in memory answers.
import type { GrantOver } from '#shared/model/grant.ts';
import type { Resource } from './grant.ts';

export interface EstatePlaces {
  customer(id: string): { name: string } | undefined;
  site(id: string): { name: string; customer: string } | undefined;
  device(id: string): { name: string; resource: Extract<Resource, { kind: 'device' }> } | undefined;
  group(id: string): { name: string } | undefined;
  /** Ids of the devices, sites or customers that are called so. */
  named(kind: 'device' | 'site' | 'customer', name: string): string[];
}

/** What people call it; null for everything, and for what is gone. */
export function overName(places: EstatePlaces, over: GrantOver): string | null {
  switch (over.kind) {
    case 'everything':
      return null;
    case 'tag':
      return over.id;
    case 'customer':
      return places.customer(over.id)?.name ?? null;
    case 'site':
      return places.site(over.id)?.name ?? null;
    case 'group':
      return places.group(over.id)?.name ?? null;
    case 'device':
      return places.device(over.id)?.name ?? null;
  }
}
