// English: fields that several pages share.

export const en = {
  cancel: 'Cancel',
  tagsHint: 'Enter or a comma adds one',
  tagWrong: 'No tag: {word}. A tag is letters, digits, dot, dash, slash or underscore, at most 40.',
  interval: 'Polled every',
} as const;
