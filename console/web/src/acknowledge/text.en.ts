// English: the page behind the link of a message.

export const en = {
  title: 'Take an incident',
  reading: 'Asking what the link is for',
  noToken: 'This page is opened by the link of a message.',
  notRead: 'The link does not hold: it may be old, or was copied in part.',
  began: 'Began',
  site: 'Site',
  forWhom: 'Sent to',
  take: 'I look after it',
  taking: 'Taking it',
  taken: 'It is yours, {name}. Nobody else is told while it stays as it is.',
  state_used: 'This link was used. Nothing more needs to be done here.',
  state_taken: 'Somebody has taken it already.',
  state_over: 'It is over. Nothing needs to be done.',
  state_expired: 'The link is too old. Sign in to look after it.',
  onlyThis: 'The link can take this one incident, once, and do nothing else.',
  toConsole: 'Open the console',
} as const;
