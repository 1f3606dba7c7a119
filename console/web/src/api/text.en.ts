// English: why the console did not answer.

export const en = {
  tooLong: 'The console took too long to answer.',
  silent: 'The console did not answer. It may be starting, or this machine is offline.',
} as const;
