// The roles that ship, each with the verbs it holds. They are code: nobody can quietly widen one.
import { ROLE_NAMES, type RoleName } from '#shared/model/grant.ts';
import { coversAny, VERB_NAMES, VERBS, type Verb } from './verbs.ts';

interface Role {
  sentence: string;
  verbs: readonly string[];
}

/** What everybody reads who looks after devices. */
const FLEET_READS = [
  'device.read',
  'metric.read',
  'inventory.read',
  'group.read',
  'view.*',
  'customer.read',
  'site.read',
  'relay.read',
  'action.read',
  'alert.read',
  'notification.read',
  'script.read',
  'standing.read',
  'policy.read',
  'charter.read',
  'system.read',
  // They are part of the program: who is refused reads who is not.
  'role.read',
] as const;

export const ROLES: Readonly<Record<RoleName, Role>> = {
  owner: { sentence: 'May do everything, and hands over charters that the owner key signed.', verbs: ['*'] },
  admin: {
    sentence: 'Runs the console: everything but charters, people included.',
    verbs: [
      ...['device.*', 'metric.*', 'inventory.*', 'group.*', 'tag.*', 'view.*', 'customer.*', 'site.*', 'relay.*'],
      ...[
        'action.*',
        'alert.*',
        'notify.*',
        'notification.*',
        'script.*',
        'standing.*',
        'policy.*',
        'credential.*',
        'variable.*',
        'charter.read',
        'audit.*',
        'system.*',
        'storage.read',
      ],
      ...['person.*', 'role.*', 'token.*'],
    ],
  },
  technician: {
    sentence: 'Looks after devices: changes them, gives orders, keeps their logins.',
    verbs: [
      ...FLEET_READS,
      ...[
        'device.*',
        'group.write',
        'relay.probe',
        'action.*',
        'alert.write',
        'notify.read',
        'site.freeze',
        'token.*',
        'script.*',
      ],
      ...['policy.write', 'policy.sign', 'credential.read', 'credential.write', 'variable.read', 'variable.write'],
    ],
  },
  approver: {
    sentence: 'Sees the fleet, and signs or stops the orders of others.',
    verbs: [...FLEET_READS, 'action.approve', 'action.cancel', 'script.write', 'alert.write', 'site.freeze'],
  },
  auditor: {
    sentence: 'Sees everything and changes nothing: the audit, people and what each may do.',
    verbs: [...FLEET_READS, 'credential.read', 'variable.read', 'audit.*', 'person.read', 'device.export'],
  },
  viewer: { sentence: 'Sees the fleet, and changes nothing.', verbs: FLEET_READS },
  customer: {
    sentence: 'Sees the devices of one customer, and changes nothing. It is granted over that customer.',
    verbs: [
      'device.read',
      'metric.read',
      'inventory.read',
      'group.read',
      'view.*',
      'customer.read',
      'site.read',
      'alert.read',
      'system.read',
    ],
  },
};

export const verbsOfRole = (name: RoleName): Verb[] => VERB_NAMES.filter((verb) => coversAny(ROLES[name].verbs, verb));

/** The roles that ship and hold it, from the widest down: who is refused is told whom they would have to be. */
export const rolesWith = (verb: string): RoleName[] => ROLE_NAMES.filter((name) => coversAny(ROLES[name].verbs, verb));

export const sentenceOf = (verb: Verb): string => VERBS[verb];
