// The forms in which a page of elsewhere, or something that hides where it comes from, can send a change with a person's cookie.

export interface Forgery {
  what: string;
  headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** Instead of the operation's own. */
  method?: string;
  /** Behind the operation's path. */
  query?: string;
  /** Of the same input. */
  form?: 'json' | 'form' | 'none';
}

const TYPES = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
];

const foreignOrigins = (port: number): ReadonlyArray<readonly [string, string]> => [
  ['origin', 'https://evil.example'],
  ['origin', 'null'],
  ['origin', ''],
  ['origin', `http://localhost:${port + 1}`],
  ['origin', 'http://localhost'],
  ['origin', `http://127.0.0.1:${port}`],
  ['origin', `http://localhost:${port}.evil.example`],
  ['origin', `http://localhost:${port}@evil.example`],
  ['origin', `http://localhost.:${port}`],
  ['origin', `http://sub.localhost:${port}`],
  ['origin', `ws://localhost:${port}`],
  ['origin', 'file://'],
  ['origin', `http://localhost:${port} https://evil.example`],
];

/** Own origin, as a page of ours says it. */
export const ownHeaders = (port: number): ReadonlyArray<readonly [string, string]> => [
  ['origin', `http://localhost:${port}`],
  ['sec-fetch-site', 'same-origin'],
  ['sec-fetch-mode', 'cors'],
];

const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];

export function forgeries(port: number, method: string): Forgery[] {
  const own = ownHeaders(port);
  const json = ['content-type', 'application/json'] as const;
  const [ownOrigin = json] = own;
  return [
    ...foreignOrigins(port).flatMap((origin) =>
      TYPES.map((type) => ({ what: `${origin[1]} as ${type}`, headers: [origin, ['content-type', type] as const] })),
    ),
    ...TYPES.map((type) => ({ what: `no origin as ${type}`, headers: [['content-type', type] as const] })),
    ...['cross-site', 'same-site', 'none', 'odd'].flatMap((site) => [
      { what: `${site} with our origin`, headers: [ownOrigin, ['sec-fetch-site', site] as const, json] },
      { what: `${site} without origin`, headers: [['sec-fetch-site', site] as const, json] },
    ]),
    { what: 'two origins', headers: [ownOrigin, ['origin', 'https://evil.example'] as const, json] },
    { what: 'no content type', headers: [['origin', 'https://evil.example'] as const] },
    // Forms are what pages can post without asking: not even ours may.
    ...TYPES.slice(1).map((type) => ({
      what: `our page as ${type}`,
      headers: [...own, ['content-type', type] as const],
      form: 'form' as const,
    })),
    ...OVERRIDES.flatMap((name) => [
      {
        what: `${name} in a foreign POST`,
        method: 'POST',
        headers: [['origin', 'null'] as const, [name, method] as const, json],
      },
      { what: `${name} in a GET`, method: 'GET', headers: [[name, method] as const], form: 'none' as const },
    ]),
    { what: '_method in a GET', method: 'GET', query: `?_method=${method}`, headers: [], form: 'none' as const },
    { what: 'a GET with the body', method: 'GET', headers: [json] },
    { what: 'HEAD', method: 'HEAD', headers: [json], form: 'none' as const },
    {
      what: 'OPTIONS',
      method: 'OPTIONS',
      headers: [['origin', 'https://evil.example'] as const],
      form: 'none' as const,
    },
    { what: 'a lower-case method', method: method.toLowerCase(), headers: [['origin', 'null'] as const, json] },
  ];
}
