// A JSON schema as people read it: the fields of an object one below the other, each with its type and its limits.

export interface ShapeLine {
  /** How deep inside of objects and lists it stands. */
  depth: number;
  /** Empty for the entry of a list that has no name. */
  name: string;
  type: string;
  isOptional: boolean;
  /** "1 to 120 letters", "at least 1", "default UTC" */
  limits: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Deeper no schema of the API goes; a document that lies ends here. */
const MAX_DEPTH = 8;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** One of several, without "or null" where that is all the difference. */
function variantsOf(schema: Json): readonly Json[] {
  return [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].filter(isObject);
}

export function typeOf(schema: Json): string {
  const variants = variantsOf(schema);
  if (variants.length > 0) return [...new Set(variants.map(typeOf))].join(' | ');
  const values = listOf(schema['enum']);
  if (values.length > 0) return values.map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (schema['type'] === 'array') return isObject(schema['items']) ? `list of ${typeOf(schema['items'])}` : 'list';
  if (typeof schema['format'] === 'string') return schema['format'];
  if (typeof schema['contentMediaType'] === 'string') return 'file';
  return typeof schema['type'] === 'string' ? schema['type'] : 'any';
}

function limitsOf(schema: Json): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const range = (least: unknown, most: unknown, what: string): string => {
    const from = typeof least === 'number' && least > Number.MIN_SAFE_INTEGER ? least : undefined;
    const to = typeof most === 'number' && most < Number.MAX_SAFE_INTEGER ? most : undefined;
    if (from === undefined && to === undefined) return '';
    return `${from ?? ''}…${to ?? ''}${what}`;
  };
  const parts = [
    range(minimum, maximum, ''),
    range(minLength, maxLength, ' letters'),
    range(minItems, maxItems, ' entries'),
    'default' in schema ? `= ${JSON.stringify(schema['default'])}` : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** The object inside, where a schema is one, a list of them, or one of several of which one is an object. */
function inside(schema: Json): Json | undefined {
  if (isObject(schema['properties'])) return schema;
  if (isObject(schema['items'])) return inside(schema['items']);
  return variantsOf(schema)
    .map(inside)
    .find((one) => one !== undefined);
}

export function shapeOf(schema: unknown, depth = 0): ShapeLine[] {
  if (!isObject(schema) || depth > MAX_DEPTH) return [];
  const object = inside(schema);
  const properties = object?.['properties'];
  if (object === undefined || !isObject(properties)) return [];
  const required = new Set(listOf(object['required']));
  return Object.entries(properties).flatMap(([name, member]) => {
    if (!isObject(member)) return [];
    const line = { depth, name, type: typeOf(member), isOptional: !required.has(name), limits: limitsOf(member) };
    return [line, ...shapeOf(member, depth + 1)];
  });
}
