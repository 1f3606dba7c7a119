// Who a row is of, as people call them, and where what it is about can be looked at.
import { t } from './text.ts';

type Names = ReadonlyMap<string, string>;

const partsOf = (text: string): [kind: string, id: string] => {
  const at = text.indexOf(':');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
};

/** "person:0189..." by their name; the beginning of the id where nobody knows it. */
export function actorText(actor: string, names: Names): string {
  const [kind, id] = partsOf(actor);
  const named = names.get(id) ?? id.slice(0, 13);
  switch (kind) {
    case 'person':
      return named;
    case 'token':
      return t('tokenOf', { name: named });
    case 'system':
      return t('consolePart', { part: id });
    case 'relay':
      return t('relayOf', { id: id.slice(0, 13) });
    case 'anonymous':
      return t('actor_anonymous');
    default:
      // An older row, or a console of a later release: as it was written.
      return actor;
  }
}

const PLACES = { device: '/devices/$id', site: '/sites/$id', person: '/people/$id' } as const;
const isPlace = (kind: string): kind is keyof typeof PLACES => kind in PLACES;

/** Undefined for what has no page of its own, and for what is no id. */
export function placeOf(resource: string): { to: (typeof PLACES)[keyof typeof PLACES]; id: string } | undefined {
  const [kind, id] = partsOf(resource);
  return isPlace(kind) && /^[0-9a-f-]{36}$/.test(id) ? { to: PLACES[kind], id } : undefined;
}
