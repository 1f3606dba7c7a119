// Channels of chats: Teams, Slack, Discord, Telegram, as data.
import { type HttpKind, optionalUrl, secret, text } from './channel-kind.ts';

const COLOURS = {
  critical: '11739678',
  high: '12865563',
  medium: '10118912',
  low: '3108843',
  info: '5728096',
} as const;
const CARD_COLOURS = {
  critical: 'attention',
  high: 'attention',
  medium: 'warning',
  low: 'accent',
  info: 'default',
} as const;

export const TEAMS: HttpKind = {
  kind: 'teams',
  by: 'http',
  label: 'Microsoft Teams',
  summary: 'An Adaptive Card by a workflow of a Teams channel ("when a webhook request is received").',
  fields: [secret('url', 'Workflow URL', { help: 'It holds a signature: whoever has it may post.' })],
  to: null,
  maps: { card: CARD_COLOURS },
  send: {
    method: 'POST',
    url: '{{url}}',
    json: {
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              {
                type: 'TextBlock',
                text: '{{subject|md}}',
                weight: 'bolder',
                size: 'medium',
                wrap: true,
                color: '{{severity|map:card}}',
              },
              { $if: 'detail', show: { type: 'TextBlock', text: '{{detail|md}}', wrap: true } },
              {
                $if: 'facts',
                show: {
                  type: 'FactSet',
                  facts: [{ $for: 'facts', each: { title: '{{name}}', value: '{{value|md}}' } }],
                },
              },
              { $if: 'linesText', show: { type: 'TextBlock', text: '{{linesText|cut:8000|md}}', wrap: true } },
            ],
            actions: [
              { $if: 'ackLink', show: { type: 'Action.OpenUrl', title: 'Take it', url: '{{ackLink}}' } },
              { $if: 'link', show: { type: 'Action.OpenUrl', title: 'Open', url: '{{link}}' } },
            ],
          },
        },
      ],
    },
  },
};

const SLACK_BLOCKS = [
  { type: 'section', text: { type: 'mrkdwn', text: '*{{subject|cut:250|slack}}*' } },
  { $if: 'detail', show: { type: 'section', text: { type: 'plain_text', text: '{{detail|cut:2900}}' } } },
  { $if: 'factsText', show: { type: 'section', text: { type: 'plain_text', text: '{{factsText|cut:2900}}' } } },
  { $if: 'linesText', show: { type: 'section', text: { type: 'plain_text', text: '{{linesText|cut:2900}}' } } },
  {
    $if: 'link',
    show: {
      type: 'actions',
      elements: [
        {
          $if: 'ackLink',
          show: { type: 'button', text: { type: 'plain_text', text: 'Take it' }, url: '{{ackLink}}', style: 'primary' },
        },
        { type: 'button', text: { type: 'plain_text', text: 'Open' }, url: '{{link}}' },
      ],
    },
  },
] as const;

export const SLACK: HttpKind = {
  kind: 'slack',
  by: 'http',
  label: 'Slack (webhook)',
  summary: 'An incoming webhook of one Slack channel; for threads use Slack (app).',
  fields: [secret('url', 'Webhook URL')],
  to: null,
  send: { method: 'POST', url: '{{url}}', json: { text: '{{subject|slack}}', blocks: SLACK_BLOCKS } },
};

export const SLACK_APP: HttpKind = {
  kind: 'slack-app',
  by: 'http',
  label: 'Slack (app)',
  summary: 'An app with the right chat:write: all that is said of one incident stands in one thread.',
  fields: [
    secret('token', 'Bot token', { help: 'Begins with xoxb-.' }),
    optionalUrl('server', 'Server', { initial: 'https://slack.com' }),
  ],
  to: { label: 'Channel', example: 'C0123456789' },
  send: {
    method: 'POST',
    url: '{{server}}/api/chat.postMessage',
    headers: { authorization: 'Bearer {{token}}' },
    json: {
      channel: '{{to}}',
      text: '{{subject|slack}}',
      blocks: SLACK_BLOCKS,
      thread_ts: { $if: 'thread', show: '{{thread}}' },
    },
  },
  taken: { path: 'ok', is: true },
  threadAt: 'ts',
};

export const DISCORD: HttpKind = {
  kind: 'discord',
  by: 'http',
  label: 'Discord',
  summary: 'A webhook of one Discord channel.',
  fields: [secret('url', 'Webhook URL')],
  to: null,
  maps: { colour: COLOURS },
  send: {
    method: 'POST',
    url: '{{url}}',
    json: {
      content: '{{subject|md|cut:1900}}',
      // No text of a device calls everybody.
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: '{{title|cut:250}}',
          description: '{{detail|md|cut:2000}}\n{{linesText|md|cut:2000}}',
          url: { $if: 'link', show: '{{link}}' },
          color: '{{colour}}',
          fields: [
            { $for: 'facts', each: { name: '{{name}}', value: '{{value|md|cut:1000}}', inline: true } },
            { $if: 'ackLink', show: { name: 'Take it', value: '{{ackLink}}' } },
          ],
        },
      ],
    },
  },
};

export const TELEGRAM: HttpKind = {
  kind: 'telegram',
  by: 'http',
  label: 'Telegram',
  summary: 'A bot that writes to a person or a group; what follows of one incident answers the first message.',
  fields: [secret('token', 'Bot token'), optionalUrl('server', 'Server', { initial: 'https://api.telegram.org' })],
  to: { label: 'Chat', example: '-1001234567890' },
  send: {
    method: 'POST',
    url: '{{server}}/bot{{token}}/sendMessage',
    json: {
      chat_id: '{{to}}',
      // No parse_mode: what a device says is text and nothing else.
      text: '{{text|cut:4000}}',
      link_preview_options: { is_disabled: true },
      reply_parameters: {
        $if: 'thread',
        show: { message_id: '{{thread}}', allow_sending_without_reply: true },
      },
    },
  },
  taken: { path: 'ok', is: true },
  threadAt: 'result.message_id',
};

export const NTFY: HttpKind = {
  kind: 'ntfy',
  by: 'http',
  label: 'ntfy',
  summary: 'Push to phones by ntfy.sh or a server of one\u2019s own.',
  fields: [
    optionalUrl('server', 'Server', { initial: 'https://ntfy.sh' }),
    { ...secret('token', 'Access token'), isRequired: false },
  ],
  to: { label: 'Topic', example: 'noc-berlin' },
  maps: {
    priority: { critical: '5', high: '4', medium: '3', low: '2', info: '2' },
    tag: {
      critical: 'rotating_light',
      high: 'warning',
      medium: 'warning',
      low: 'information_source',
      info: 'speech_balloon',
    },
  },
  send: {
    method: 'POST',
    url: '{{server}}',
    headers: { authorization: '{{bearer}}' },
    json: {
      topic: '{{to}}',
      title: '{{subject|cut:250}}',
      message: '{{short|cut:3500}}',
      priority: '{{priority}}',
      tags: ['{{severity|map:tag}}'],
      click: { $if: 'link', show: '{{link}}' },
      actions: [{ $if: 'ackLink', show: { action: 'view', label: 'Take it', url: '{{ackLink}}' } }],
    },
  },
};

export const TWILIO: HttpKind = {
  kind: 'twilio',
  by: 'http',
  label: 'SMS (Twilio)',
  summary: 'A short message to a telephone. Give it to the worst alone: each one costs.',
  fields: [
    text('account', 'Account SID'),
    secret('token', 'Auth token'),
    text('from', 'From', { help: 'A number of the account, or the id of a messaging service.' }),
    optionalUrl('server', 'Server', { initial: 'https://api.twilio.com' }),
  ],
  to: { label: 'Number', example: '+4915112345678' },
  send: {
    method: 'POST',
    url: '{{server}}/2010-04-01/Accounts/{{account}}/Messages.json',
    headers: { authorization: '{{basic}}' },
    // Two short messages: subject and link.
    form: { To: '{{to}}', From: '{{from}}', Body: '{{subject|cut:200}} {{ackLink}}' },
  },
};
