// Five hundred texts per kind of parameter that are commands to some shell, each with a marker of its own that it would leave.
import type { ParameterType } from '#shared/model/actions/parameter-types.ts';

/** What a value of the kind begins with when it is a good one; of nothing that any machine has. */
export const GOOD: Readonly<Record<ParameterType, string>> = {
  service: 'rmm-none',
  process: 'rmm-none',
  'process-id': '4711',
  user: 'rmm-none',
  log: 'rmm-none',
  'registry-key': 'HKLM\\SOFTWARE\\X',
  'registry-name': 'Value',
  'registry-kind': 'string',
  'registry-text': 'text',
  powershell: 'Get-Date',
  days: '30',
};

/** `@` is the act: a marker file for a POSIX shell, a word for PowerShell. */
const BREAKS = [
  ';@',
  ';@;',
  '&@',
  '&&@',
  '||@',
  '|@',
  '\n@',
  '\n@\n',
  '\r\n@',
  '$(@)',
  '`@`',
  '$\u007bx:-$(@)}',
  '$((x=$(@)))',
  "';@;'",
  "'\n@\n'",
  "';@ #",
  "'\"'\"';@",
  '";@;"',
  '"\n@\n"',
  "'$(@)'",
  '"$(@)"',
  "\\';@;'",
  "\\\\';@;\\\\'",
  "'\\'';@;'\\''",
  "$'\\n@\\n'",
  ')@',
  ');@;(',
  "');@;('",
  '}\n@\n{',
  '};@;{',
  "')) ;@; #",
  'eval @',
  "'\neval '@'\n'",
  '<(@)',
  '>(@)',
  '\nEOF\n@\n',
  "\n'@\n@\n@'",
  '\n"@\n@\n@"',
  '\u2018;@;\u2018',
  '\u2019;@;\u2019',
  '\u201a;@;\u201a',
  '\u201b;@;\u201b',
  "\u2019';@;'\u2019",
  "'\u2019;@;\u2019'",
  '\u201c;@;\u201d',
  '$(\n@\n)',
  "'+$(@)+'",
  '"+$(@)+"',
  "'-f$(@)#",
  '$ExecutionContext.InvokeCommand.ExpandString("$(@)")',
  "'),(@),('",
  '#\n@',
  '\u2028@',
  '\u0085@',
  '\u000b@',
  '\u000c@',
  '\t;@',
  '%0a@',
  '\\n@',
  '*;@',
  '-- ;@',
  '--help;@',
  '!@',
  '~;@',
  '\u202e;@',
  '\ufeff;@',
  '#rmm:end\n@',
] as const;

/** Behind a good value, in front of it, between two, alone, in quotes, and twice as deep. */
const PLACES: ReadonlyArray<(text: string, good: string) => string> = [
  (text, good) => `${good}${text}`,
  (text) => text,
  (text, good) => `${text}${good}`,
  (text, good) => `${good}${text}${good}`,
  (text, good) => `${good} ${text} `,
  (text, good) => `'${good}'${text}'`,
  (text, good) => `"${good}"${text}"`,
  (text, good) => `${good}'${text}`,
];

export const PER_TYPE = 500;

/** The text of number `n` holds what `actOf(n)` says. */
export function injectionTexts(type: ParameterType, actOf: (n: number) => string): string[] {
  return Array.from({ length: PER_TYPE }, (_, n) => {
    const shape = BREAKS[n % BREAKS.length] ?? '';
    const place = PLACES[Math.floor(n / BREAKS.length) % PLACES.length] ?? ((text: string) => text);
    return place(
      shape.replaceAll('@', () => actOf(n)),
      GOOD[type],
    );
  });
}
