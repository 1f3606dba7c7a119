// Good inputs for the operations on people: each works on a person of its own.
import type { Input, World } from './good-inputs.ts';

const overSite = ({ relay }: World) => ({ kind: 'site' as const, id: relay.site });
const wish = (world: World) => ({ role: 'viewer' as const, over: overSite(world) });

async function newPerson(world: World) {
  const { person } = await world.api.people.create({ name: `person ${world.next()}`, grants: [wish(world)] });
  return person;
}

export const PEOPLE_INPUTS: Readonly<Record<string, (world: World) => Input | Promise<Input>>> = {
  'people.list': () => ({}),
  'people.show': async (world) => ({ id: (await newPerson(world)).id }),
  'people.create': (world) => ({ name: `person ${world.next()}`, grants: [wish(world)] }),
  'people.invite': async (world) => ({ id: (await newPerson(world)).id }),
  'people.update': async (world) => ({ id: (await newPerson(world)).id, isDisabled: true }),
  'people.remove': async (world) => ({ id: (await newPerson(world)).id }),
  'people.grant': async (world) => ({ id: (await newPerson(world)).id, grant: wish(world) }),
  'people.ungrant': async (world) => {
    const { id, grants } = await newPerson(world);
    return { id, grant: grants[0]?.id };
  },
  'people.why': async (world) => ({
    id: (await newPerson(world)).id,
    verb: 'reboot',
    resource: `device:${world.device}`,
  }),
  'roles.list': () => ({}),
};
