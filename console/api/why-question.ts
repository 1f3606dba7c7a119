// The question "why may they?" as people put it: a verb or an action, and a thing by its id or name.
import { can } from '#console/access/can.ts';
import type { EstatePlaces } from '#console/access/estate-places.ts';
import type { Resource } from '#console/access/grant.ts';
import type { KnownPerson } from '#console/access/people-desk.ts';
import { verbFor } from '#console/access/verbs.ts';
import { type Reasons, whyOf } from '#console/access/why.ts';
import { AppError } from '#shared/base/errors.ts';
import type { ApiContext } from './api-context.ts';
import type { ApiServices } from './services.ts';

const KINDS = ['device', 'site', 'customer'] as const;
type Kind = (typeof KINDS)[number];

interface Thing {
  resource: Resource;
  text: string;
}

/** Throws `bad-request` for a verb that is none, `not-found` for a thing that is none, or that the asker may not see. */
export function askWhy(
  { fleet, clock, peopleDesk }: ApiServices,
  { actor }: ApiContext,
  person: KnownPerson,
  question: { verb: string; resource?: string | undefined },
): Reasons & { verb: string; resource: string | null } {
  const verb = verbFor(question.verb);
  if (verb === undefined)
    throw new AppError('bad-request', `"${question.verb}" is no verb and no action; \`rmm role list\` names the verbs`);
  const { places } = fleet;
  const now = clock.now();
  const thing =
    question.resource === undefined
      ? { resource: { kind: 'console' as const }, text: 'the console' }
      : thingOf(places, question.resource);
  // Whoever asks learns of things they may see, and of no others.
  const read =
    thing.resource.kind === 'console' ? undefined : can(actor, `${thing.resource.kind}.read`, thing.resource, now);
  if (read?.allowed === false) throw noThing(question.resource ?? '');
  const asker = peopleDesk.asActor(person);
  const reasons = whyOf(asker, person.disabledAt !== null, {
    ...{ verb, resource: thing.resource, thing: thing.text },
    ...{ now, places },
  });
  return { ...reasons, verb, resource: question.resource === undefined ? null : thing.text };
}

const noThing = (words: string) => new AppError('not-found', `nothing is called "${words.slice(0, 300)}"`);

function thingOf(places: EstatePlaces, words: string): Thing {
  const [, before = '', after = ''] = /^([a-z]+):(.+)$/s.exec(words) ?? [];
  const kind = KINDS.find((one) => one === before);
  const word = kind === undefined ? words : after;
  const byId = thingById(places, kind ?? 'device', word);
  if (byId !== undefined) return byId;
  const ids = places.named(kind ?? 'device', word);
  const [only, second] = ids;
  if (second !== undefined) throw new AppError('conflict', `${ids.length} things are called "${word}": use an id`);
  const named = only === undefined ? undefined : thingById(places, kind ?? 'device', only);
  if (named === undefined) throw noThing(words);
  return named;
}

function thingById(places: EstatePlaces, kind: Kind, id: string): Thing | undefined {
  switch (kind) {
    case 'device': {
      const device = places.device(id);
      return device === undefined ? undefined : { resource: device.resource, text: `device ${device.name}` };
    }
    case 'site': {
      const site = places.site(id);
      if (site === undefined) return undefined;
      return { resource: { kind, id, customer: site.customer }, text: `site ${site.name}` };
    }
    case 'customer': {
      const customer = places.customer(id);
      return customer === undefined ? undefined : { resource: { kind, id }, text: `customer ${customer.name}` };
    }
  }
}
