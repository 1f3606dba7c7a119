// Which found things stand for devices, and by which filter.

interface Found {
  kind: string;
  name: string;
}

const FIELDS: Readonly<Record<string, string>> = { site: 'site=', group: 'group:', tag: 'tag:' };

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

export const isAddable = ({ kind }: Found): boolean => kind === 'device' || kind in FIELDS;

/** A name is a person's text: quoted, so that it stays one value of the filter. */
export const filterOf = ({ kind, name }: Found): string => `${FIELDS[kind] ?? ''}${quoted(name)}`;
