// What the console finds of itself, of its relays and of its sites: declared once, with name, severity and what to do.
import type { AlertType, Severity } from '#shared/model/alert-words.ts';
import type { Check } from '#shared/model/check.ts';

interface Words {
  name: string;
  type: AlertType;
  advice: string;
  /** What it is worth where its condition does not say. */
  severity: Severity;
}

export const OWN_WORDS = {
  'relay.silent': {
    name: 'Relay is silent',
    type: 'availability',
    severity: 'critical',
    advice:
      'Look at the machine of the relay and at the line of its site. Nothing behind it is seen from here meanwhile.',
  },
  'site.silent': {
    name: 'Site is cut off',
    type: 'availability',
    severity: 'critical',
    advice: "All relays of the site are silent: look at its line first. The site's own relays go on watching.",
  },
  'console.cut-off': {
    name: 'No relay reaches the console',
    type: 'availability',
    severity: 'critical',
    advice: "Look at the console's own line, its firewall and its relay port.",
  },
  'relay.backlog': {
    name: 'Relay keeps a backlog',
    type: 'health',
    severity: 'high',
    advice:
      'What the relay tells arrives late: look at the line between it and the console, and at how the console is.',
  },
  'relay.disk': {
    name: 'Disk of a relay is nearly full',
    type: 'health',
    severity: 'high',
    advice: "Make room on the relay's disk: without it an outage of the line loses what was measured meanwhile.",
  },
  'relay.spool': {
    name: 'Spool of a relay is nearly full',
    type: 'health',
    severity: 'high',
    advice: 'The oldest hours go first when it is full. Bring the line back, or raise the quota.',
  },
  'relay.clock': {
    name: 'Clock of a relay is wrong',
    type: 'health',
    severity: 'high',
    advice: "Set the relay's clock by NTP: orders are refused and times are wrong while it is off.",
  },
  'relay.certificate': {
    name: 'Certificate of a relay ends',
    type: 'health',
    severity: 'high',
    advice: 'Relays renew by themselves while they are linked: look why this one did not.',
  },
  'site.charter': {
    name: 'Charter of a site ends',
    type: 'compliance',
    severity: 'high',
    advice: 'An owner signs the next one with `rmm charter propose`. After its end the site takes no orders.',
  },
  'console.disk': {
    name: "The console's disk is nearly full",
    type: 'health',
    severity: 'high',
    advice: 'Make room on the disk of the data folder, or shorten how long metrics are kept.',
  },
  'console.certificate': {
    name: "The console's certificate ends",
    type: 'health',
    severity: 'high',
    advice: 'Renew the certificate of the browsers’ port; the own one is renewed when the console starts.',
  },
  'console.ingest': {
    name: 'The console takes in slowly',
    type: 'health',
    severity: 'high',
    advice: 'Samples are stored late: look at processor and disk of the console.',
  },
  'console.notify': {
    name: 'Messages wait to be told',
    type: 'health',
    severity: 'critical',
    advice: 'Incidents are not told to people: look at the log of the console.',
  },
  'console.mail': {
    name: 'Messages cannot be sent',
    type: 'health',
    severity: 'high',
    advice: 'A channel fails: test it, and look at its last answer.',
  },
} as const satisfies Record<string, Words>;

export type OwnCheck = keyof typeof OWN_WORDS;

/** As checks, for those who ask by id. They are judged here, so their condition is a name. */
export const OWN_CHECKS: readonly Check[] = Object.entries<Words>(OWN_WORDS).map(([id, { severity, ...words }]) => ({
  id,
  ...words,
  isOn: true,
  when: { kind: 'state', of: 'console', is: [id], severity, forMs: 0 },
}));
