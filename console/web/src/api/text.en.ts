// English: why the console did not answer.

export const en = {
  tooLong: 'The console took too long to answer.',
  silent: 'The console did not answer. It may be starting, or this machine is offline.',
  /** Where the console's own words are of another language than the page. */
  saidByConsole: '{what}. The console says: {said}',
  badRequest: 'The input does not fit',
  notFound: 'Not found',
  conflict: 'It is different already',
  denied: 'You lack the right',
  unauthenticated: 'Not signed in',
  tooLarge: 'Too large',
  rateLimited: 'Too many requests in a short time',
  timedOut: 'It took too long',
  unavailable: 'Not available just now',
  signatureMissing: 'A signature is missing',
  signatureInvalid: 'The signature does not count',
  charterExpired: 'The charter has expired',
  capExceeded: 'More than the charter allows',
  frozen: 'The site is frozen',
  internal: 'A fault of the console',
  refused: 'Refused',
} as const;
