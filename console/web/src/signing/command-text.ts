// Commands of the command line as a page shows them to be copied: what a person typed is quoted for the shell.

const PLAIN = /^[A-Za-z0-9@%+=:,./_-]+$/;

/** One word for a POSIX shell, whatever it holds. */
export const shellWord = (text: string): string =>
  PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** As the README calls the command line. */
export const rmm = (...words: readonly string[]): string => ['npm run rmm --', ...words.map(shellWord)].join(' ');
