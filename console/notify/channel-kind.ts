// What a kind of channel is: the fields of its form, and how a message becomes what its service wants, as data.
import type { ChannelKind } from '#shared/contract/notify-contract.ts';
import type { Message } from './message.ts';
import type { Json, Maps } from './template.ts';

export interface HttpTemplate {
  method: 'POST' | 'PUT' | 'GET';
  /** A placeholder at its beginning is taken as it is, others are written as parts of a path or a query. */
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** One of these three. */
  json?: Json;
  form?: Readonly<Record<string, string>>;
  /** Name of the field that holds the JSON template of whoever set the channel up. */
  templateField?: string;
}

export interface HttpKind extends ChannelKind {
  by: 'http';
  send: HttpTemplate;
  /** In its place for `resolved`: services that keep incidents of their own. */
  resolve?: HttpTemplate;
  /** Reasons that it is told; all when absent. */
  only?: ReadonlyArray<Message['reason']>;
  maps?: Maps;
  /** HMAC over id, time and body in headers of its own, with the secret of this field. */
  signedBy?: string;
  /** Where in a JSON answer it stands that it was taken, although the status says so. */
  taken?: { path: string; is: Json };
  /** Where in a JSON answer the name of the message stands: later ones of the incident are given it as `{{thread}}`. */
  threadAt?: string;
}

export interface OtherKind extends ChannelKind {
  by: 'mail' | 'syslog';
}

export type Kind = HttpKind | OtherKind;

type Field = ChannelKind['fields'][number];
type FieldOptions = Partial<Pick<Field, 'help' | 'initial' | 'choices'>>;

const field =
  (kind: Field['kind'], isRequired: boolean) =>
  (name: string, label: string, options: FieldOptions = {}): Field => ({
    name,
    label,
    kind,
    isRequired,
    help: options.help ?? '',
    ...(options.initial === undefined ? {} : { initial: options.initial }),
    ...(options.choices === undefined ? {} : { choices: options.choices }),
  });

export const text = field('text', true);
export const optionalText = field('text', false);
export const url = field('url', true);
export const optionalUrl = field('url', false);
export const secret = field('secret', true);
export const optionalSecret = field('secret', false);
export const number = field('number', true);
export const choice = field('choice', true);
export const template = field('template', false);
