// The words of alerts as rows hold them, read back through a schema.
import { z } from 'zod';
import { ENTRY_KINDS, INCIDENT_CAUSES } from '#shared/contract/alert-contract.ts';
import { ALERT_STATES, ALERT_TYPES, SEVERITIES } from '#shared/model/alert-words.ts';

export const SeverityWord = z.enum(SEVERITIES);
export const StateWord = z.enum(ALERT_STATES);
export const TypeWord = z.enum(ALERT_TYPES);
export const CauseWord = z.enum(INCIDENT_CAUSES);
export const EntryKind = z.enum(ENTRY_KINDS);
export type EntryKind = z.infer<typeof EntryKind>;

/**
 * What notify is told of an incident. `opened`, `past` (it was over when it was heard of), `worse`, `reopened`, `flapping` and
 * `resolved` are news for people; the others stop or start what runs: `acknowledged`, `snoozed`, `woken`, `muted`, `merged`, `assigned`.
 */
export const ChangeKind = z.enum([
  'opened',
  'past',
  'worse',
  'reopened',
  'flapping',
  'resolved',
  'acknowledged',
  'snoozed',
  'woken',
  'muted',
  'merged',
  'assigned',
]);
export type ChangeKind = z.infer<typeof ChangeKind>;
