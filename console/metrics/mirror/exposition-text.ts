// Prometheus' text format, version 0.0.4: families of samples as lines, with hostile text made safe.

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface Sample {
  /** Behind the family's name, as the parts of a histogram are called. */
  suffix?: '_bucket' | '_sum' | '_count';
  labels?: Readonly<Record<string, string>>;
  value: number;
}

export interface Family {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  samples: readonly Sample[];
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const escapeValue = (text: string): string => text.replaceAll(/[\\"\n]/g, (c) => ESCAPED[c] ?? c);
/** In a help text quotes stand as they are. */
const escapeHelp = (text: string): string => text.replaceAll(/[\\\n]/g, (c) => ESCAPED[c] ?? c);

/** Of well-formed text without control characters; values without a character are no labels. */
export const labelText = (labels: Iterable<readonly [name: string, value: string]>): string =>
  [...labels]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}="${escapeValue(value)}"`)
    .join(',');

export const headText = ({ name, type, help }: Omit<Family, 'samples'>): string =>
  `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** `at` in milliseconds; without it a sample is of the moment in which it is read. */
export function lineText(name: string, labels: string, value: number, at?: number): string {
  const head = labels === '' ? name : `${name}{${labels}}`;
  return at === undefined ? `${head} ${numberText(value)}\n` : `${head} ${numberText(value)} ${at}\n`;
}

export function familyText(family: Family): string {
  const lines = family.samples.map(({ suffix = '', labels, value }) =>
    lineText(`${family.name}${suffix}`, labelText(Object.entries(labels ?? {})), value),
  );
  return headText(family) + lines.join('');
}
