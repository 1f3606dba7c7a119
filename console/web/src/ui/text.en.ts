// English: the words that the components themselves say.

export const en = {
  tryAgain: 'Try again',
  never: 'never',
  now: 'now',
  agoStale: '{age} ago, stale',
  lastPolled: 'Last polled {time}; expected every {interval}',
  simulated: 'simulated',
  statusUp: 'Up',
  statusDown: 'Down',
  statusUnknown: 'Unknown',
  statusChanged: 'Identity changed',
  close: 'Close',
  cancel: 'Cancel',
  typeToConfirm: 'Type {word} to confirm',
  notes: 'Messages',
  undo: 'Undo',
  dismiss: 'Dismiss',
} as const;
