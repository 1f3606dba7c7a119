// All kinds of channels, and what a channel's form may say.
import { AppError } from '#shared/base/errors.ts';
import type { ChannelKind } from '#shared/contract/notify-contract.ts';
import type { Kind } from './channel-kind.ts';
import { DISCORD, NTFY, SLACK, SLACK_APP, TEAMS, TELEGRAM, TWILIO } from './chat-kinds.ts';
import { APPRISE, MAIL, OPSGENIE, PAGERDUTY, SYSLOG, WEBHOOK } from './paging-kinds.ts';

export const KINDS: readonly Kind[] = [
  MAIL,
  TEAMS,
  SLACK,
  SLACK_APP,
  PAGERDUTY,
  OPSGENIE,
  NTFY,
  TWILIO,
  DISCORD,
  TELEGRAM,
  WEBHOOK,
  SYSLOG,
  APPRISE,
];

export const kindOf = (kind: string): Kind | undefined => KINDS.find((one) => one.kind === kind);

/** As pages are shown them: how a service is spoken to is nobody's form. */
export const shownKinds = (): ChannelKind[] =>
  KINDS.map(({ kind, label, summary, fields, to }) => ({ kind, label, summary, fields, to }));

const bad = (text: string) => new AppError('bad-request', text);

/** The settings with their initial values, checked; throws `bad-request` and names the field. */
export function checkedSettings(
  kind: Kind,
  settings: Readonly<Record<string, string>>,
  secrets: ReadonlySet<string>,
): Record<string, string> {
  const known = new Map(kind.fields.map((field) => [field.name, field]));
  for (const name of Object.keys(settings)) {
    const field = known.get(name);
    if (field === undefined || field.kind === 'secret') throw bad(`${kind.label}: has no field ${name}`);
  }
  for (const name of secrets) if (known.get(name)?.kind !== 'secret') throw bad(`${kind.label}: has no secret ${name}`);
  const filled: Record<string, string> = {};
  for (const field of kind.fields) {
    if (field.kind === 'secret') {
      if (field.isRequired && !secrets.has(field.name)) throw bad(`${field.label}: is missing`);
      continue;
    }
    const value = (settings[field.name] ?? '').trim() || (field.initial ?? '');
    if (value === '' && field.isRequired) throw bad(`${field.label}: is missing`);
    if (value !== '') checkField(field, value);
    filled[field.name] = value;
  }
  return filled;
}

function checkField({ kind, label, choices }: ChannelKind['fields'][number], value: string): void {
  if (kind === 'number' && !/^\d{1,9}$/.test(value)) throw bad(`${label}: a whole number`);
  if (kind === 'choice' && !(choices ?? []).includes(value))
    throw bad(`${label}: one of ${(choices ?? []).join(', ')}`);
  if (kind === 'url' && !/^https?:\/\/[^\s]+$/.test(value)) throw bad(`${label}: a URL`);
  // What a template names is known before anybody waits for its message.
  if (kind === 'template') {
    try {
      JSON.parse(value);
    } catch (cause) {
      throw new AppError('bad-request', `${label}: no JSON`, { cause });
    }
  } else if (kind !== 'text' && /[\r\n]/.test(value)) throw bad(`${label}: one line`);
}
