// Channels of services that keep incidents of their own, webhooks, mail, syslog, and apprise for all others, as data.
import {
  choice,
  type HttpKind,
  number,
  type OtherKind,
  optionalSecret,
  optionalText,
  optionalUrl,
  secret,
  template,
  text,
  url,
} from './channel-kind.ts';

export const PAGERDUTY: HttpKind = {
  kind: 'pagerduty',
  by: 'http',
  label: 'PagerDuty',
  summary: 'Events API v2: one incident there for one incident here, resolved when it is over.',
  fields: [
    secret('key', 'Integration key'),
    optionalUrl('server', 'Server', {
      initial: 'https://events.pagerduty.com',
      help: 'Of the EU: https://events.eu.pagerduty.com',
    }),
  ],
  to: null,
  maps: { theirs: { critical: 'critical', high: 'error', medium: 'warning', low: 'warning', info: 'info' } },
  // It repeats and escalates by itself.
  only: ['opened', 'worse', 'resolved', 'escalated', 'test'],
  send: {
    method: 'POST',
    url: '{{server}}/v2/enqueue',
    json: {
      routing_key: '{{key}}',
      event_action: 'trigger',
      dedup_key: '{{incident}}',
      payload: {
        summary: '{{subject|cut:1000}}',
        source: '{{source|cut:200}}',
        severity: '{{severity|map:theirs}}',
        timestamp: '{{sinceIso}}',
        custom_details: { detail: '{{detail}}', facts: '{{factsText}}' },
      },
      links: [{ $if: 'link', show: { href: '{{link}}', text: 'Open' } }],
    },
  },
  resolve: {
    method: 'POST',
    url: '{{server}}/v2/enqueue',
    json: { routing_key: '{{key}}', event_action: 'resolve', dedup_key: '{{incident}}' },
  },
};

export const OPSGENIE: HttpKind = {
  kind: 'opsgenie',
  by: 'http',
  label: 'Opsgenie, and what speaks its API',
  summary: 'One alert there for one incident here, closed when it is over.',
  fields: [
    secret('key', 'API key'),
    optionalUrl('server', 'Server', {
      initial: 'https://api.opsgenie.com',
      help: 'Of the EU: https://api.eu.opsgenie.com',
    }),
  ],
  to: null,
  maps: { theirs: { critical: 'P1', high: 'P2', medium: 'P3', low: 'P4', info: 'P5' } },
  only: ['opened', 'worse', 'resolved', 'escalated', 'test'],
  send: {
    method: 'POST',
    url: '{{server}}/v2/alerts',
    headers: { authorization: 'GenieKey {{key}}' },
    json: {
      message: '{{subject|cut:130}}',
      alias: '{{incident}}',
      description: '{{text|cut:15000}}',
      priority: '{{severity|map:theirs}}',
      source: 'rmm',
    },
  },
  resolve: {
    method: 'POST',
    url: '{{server}}/v2/alerts/{{incident}}/close?identifierType=alias',
    headers: { authorization: 'GenieKey {{key}}' },
    json: { source: 'rmm', note: '{{subject|cut:1000}}' },
  },
};

/** What a webhook says when nobody wrote a template of their own. */
export const USUAL_WEBHOOK = JSON.stringify({
  type: 'incident.{{reason}}',
  timestamp: '{{atIso}}',
  data: {
    incident: '{{incident}}',
    severity: '{{severity}}',
    title: '{{title}}',
    detail: '{{detail}}',
    since: '{{sinceIso}}',
    facts: [{ $for: 'facts', each: { name: '{{name}}', value: '{{value}}' } }],
    lines: '{{linesText}}',
    link: '{{link}}',
  },
});

export const WEBHOOK: HttpKind = {
  kind: 'webhook',
  by: 'http',
  label: 'Webhook',
  summary: 'JSON to any URL, signed as Standard Webhooks say when a secret is set.',
  fields: [
    url('url', 'URL'),
    optionalSecret('secret', 'Signing secret', {
      help: 'whsec_ and base64; the receiver proves with it that it was us.',
    }),
    optionalText('header', 'Header', { help: 'Name of one more header, such as Authorization.' }),
    optionalSecret('headerValue', 'Its value'),
    template('template', 'Body', {
      initial: USUAL_WEBHOOK,
      help: 'JSON with {{title}}, {{severity}}, {{detail}} ... in its texts.',
    }),
  ],
  to: null,
  signedBy: 'secret',
  send: { method: 'POST', url: '{{url}}', headers: { '{{header}}': '{{headerValue}}' }, templateField: 'template' },
};

export const APPRISE: HttpKind = {
  kind: 'apprise',
  by: 'http',
  label: 'Apprise',
  summary: 'An Apprise API server, and through it some hundred services that have no channel of their own here.',
  fields: [
    url('server', 'Server', {
      help: 'Such as https://apprise.example:8443; named in outgoing.allow where it stands inside.',
    }),
    secret('urls', 'Apprise URLs', { help: 'Comma between them; they hold logins.' }),
  ],
  to: null,
  maps: { theirs: { critical: 'failure', high: 'failure', medium: 'warning', low: 'info', info: 'info' } },
  send: {
    method: 'POST',
    url: '{{server}}/notify',
    json: {
      urls: '{{urls}}',
      title: '{{subject|cut:250}}',
      body: '{{text|cut:30000}}',
      type: '{{appriseType|map:theirs}}',
      format: 'text',
    },
  },
};

export const MAIL: OtherKind = {
  kind: 'email',
  by: 'mail',
  label: 'Mail (SMTP)',
  summary: 'Text and HTML; all that is said of one incident stands in one thread.',
  fields: [
    text('host', 'Server'),
    number('port', 'Port', { initial: '587' }),
    choice('security', 'Security', { choices: ['starttls', 'tls', 'none'], initial: 'starttls' }),
    text('from', 'From', { help: 'An address.' }),
    optionalText('user', 'User'),
    optionalSecret('password', 'Password'),
    optionalText('ca', 'Authority', {
      help: 'PEM of the authority of the server\u2019s certificate, where it is one\u2019s own.',
    }),
  ],
  to: { label: 'Address', example: 'noc@example.org' },
};

export const SYSLOG: OtherKind = {
  kind: 'syslog',
  by: 'syslog',
  label: 'Syslog',
  summary: 'RFC 5424 over TLS or TCP, one message each: for a SIEM, and for whatever carries it on.',
  fields: [
    text('host', 'Server'),
    number('port', 'Port', { initial: '6514' }),
    choice('protocol', 'Protocol', { choices: ['tls', 'tcp'], initial: 'tls' }),
  ],
  to: null,
};
