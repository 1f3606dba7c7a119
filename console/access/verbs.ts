// Every verb that a right can name, with the one sentence that people read of it.
import { CATALOGUE_NAMES } from '#shared/model/actions/catalogue.ts';
import type { Action } from '#shared/model/manifest.ts';

/** In the order in which pages show them. A verb of the contract that is missing here fails a test. */
export const VERBS = {
  'device.read': 'See devices, their status, tags and newest readings.',
  'device.write': 'Add and change devices, and put tags on them.',
  'device.remove': 'Remove devices.',
  'device.import': 'Import devices and sites from a file.',
  'device.export': 'Export devices and sites as a file.',
  'metric.read': 'See the readings of devices over time.',
  'inventory.read': 'See what is installed and built in.',
  'group.read': 'See groups and who is in them.',
  'group.write': 'Make and change groups, and put devices into them.',
  'group.remove': 'Remove groups.',
  'tag.remove': 'Take a tag off every device.',
  'view.read': 'See saved views.',
  'view.write': 'Save views, and share them.',
  'customer.read': 'See customers.',
  'customer.write': 'Make and change customers.',
  'customer.remove': 'Remove customers with all their sites.',
  'site.read': 'See sites.',
  'site.write': 'Make and change sites.',
  'site.remove': 'Remove sites with their relays and devices.',
  'site.freeze': 'Hand over a signed freeze or thaw of a site.',
  'relay.read': 'See relays and how they are.',
  'relay.write': 'Rename relays.',
  'relay.probe': 'Ask a relay what it finds at an address.',
  'relay.enrol': 'Make tokens that let a new relay in, or one in the place of another.',
  'relay.release': 'Let a relay back in that was cut off because two machines used its identity.',
  'relay.revoke': 'Cut a relay off for good.',
  'action.read': 'See orders and what came of them.',
  'action.submit': 'Hand over signed orders: any action of the catalogue, a script, the acceptance of a machine.',
  'action.approve': 'Add a signature to an order that waits for one.',
  'action.attach': 'Enter a session that one has opened by a signed order: a terminal, files, a tunnel.',
  'action.cancel': 'Cancel an order.',
  'alert.read': 'See alerts and incidents.',
  'alert.write': 'Acknowledge, resolve, snooze, assign and comment on incidents.',
  'notify.read': 'See who is told of incidents: channels, contacts, routes, escalations, on-call.',
  'notify.write': 'Set up who is told of incidents, and send tests.',
  'notification.read': 'See what was told of incidents, to whom, and why.',
  'notification.retry': 'Send a notification again that was given up.',
  'script.read': 'See the scripts of the library.',
  'script.write': 'Add scripts and versions of them to the library, and reviews.',
  'script.remove': 'Take scripts out of the library.',
  'standing.read': 'See standing orders.',
  'standing.write': 'Hand over signed standing orders and their withdrawals.',
  'policy.read': 'See how devices are watched: layers, maintenance windows and local routes.',
  'policy.write': 'Draft layers, maintenance windows and local routes, and say where layers stand.',
  'policy.sign': 'Hand over signed documents of watching.',
  'credential.read': 'See which sealed logins there are; never what is sealed.',
  'credential.write': 'Hand over sealed logins.',
  'credential.remove': 'Take a sealed login out of the console.',
  'variable.read': 'See which sealed variables there are; never their values.',
  'variable.write': 'Hand over sealed variables.',
  'charter.read': 'See the signed charter of a site, and whether it is frozen.',
  'charter.write': 'Hand over a newer charter that the owners signed.',
  'audit.read': 'See and check the audit trail, and take it out as a file.',
  'system.read': 'See the overview of the estate and the state of the console.',
  'storage.read': "See what is stored of metrics, how long it is kept, and the console's own jobs.",
  'system.maintain': "Start the console's own jobs, and change how long metrics of a customer are kept.",
  'person.read': 'See people, what each may do and why.',
  'person.write': 'Rename, disable and enable people, and send them a new sign-in link.',
  'person.grant': 'Invite people, and give or take what they may do, up to what one holds oneself.',
  'person.remove': 'Remove people.',
  'role.read': 'See the roles and what each may do.',
  'token.read': "See one's own API tokens.",
  'token.create': "Make API tokens of one's own, up to what one may do oneself.",
  'token.revoke': "Revoke one's own API tokens.",
  'session.read': 'See who one is, and where one is signed in.',
  'session.invite': 'Make a sign-in link for oneself.',
  'session.end': 'Sign out, here or everywhere.',
  'session.prove': 'Prove once more that it is oneself.',
  'profile.read': 'See how one signs in.',
  'profile.write': 'Change how one signs in.',
} as const satisfies Record<string, string>;

export type Verb = keyof typeof VERBS;

export const VERB_NAMES = Object.keys(VERBS) as Verb[]; // of the literal above

/** What everybody has over themselves, by being a person: the rest is granted. */
const OWN = ['session.', 'profile.'] as const;
export const isOwnVerb = (verb: string): boolean => OWN.some((start) => verb.startsWith(start));

/** "device.*" covers "device.read"; "*" covers all. */
export function covers(pattern: string, verb: string): boolean {
  if (pattern === '*' || pattern === verb) return true;
  return pattern.endsWith('.*') && verb.startsWith(pattern.slice(0, -1));
}

export const coversAny = (patterns: readonly string[], verb: string): boolean =>
  patterns.some((pattern) => covers(pattern, verb));

/** What people call the actions of a signed order, besides their names and the last part of those ("reboot", "lock"). */
const OTHER_WORDS = [
  'run',
  'script',
  'command',
  'accept',
  'restart-service',
  'terminal',
  'shell',
  'ssh',
  'files',
  'tunnel',
] as const;
const ACTION_NAMES: readonly Action['name'][] = [
  ...(['command.run', 'identity.accept', 'session.open', 'script.run', 'script.try'] as const),
  ...CATALOGUE_NAMES,
];
const ORDERED = new Set<string>([
  ...ACTION_NAMES,
  ...ACTION_NAMES.map((name) => name.slice(name.indexOf('.') + 1)),
  ...OTHER_WORDS,
]);

/** The verb that somebody asks about: itself, or the one that orders the action they name; undefined for neither. */
export function verbFor(word: string): Verb | undefined {
  if (ORDERED.has(word)) return 'action.submit';
  return VERB_NAMES.find((verb) => verb === word);
}
