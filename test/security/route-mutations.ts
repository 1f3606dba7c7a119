// Other ways to write the path of a route, by which one program reads it as that route and another one does not.

export interface Mutation {
  what: string;
  path: string;
  method?: string;
  headers?: ReadonlyArray<readonly [name: string, value: string]>;
}

const encoded = (text: string): string =>
  [...text].map((letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
/** U+FF41 and on: letters that some programs fold into plain ones. */
const wide = (text: string): string =>
  encodeURIComponent([...text].map((letter) => String.fromCharCode(letter.charCodeAt(0) - 0x61 + 0xff41)).join(''));

type Written = ReadonlyArray<readonly [what: string, path: string]>;

function waysBack(path: string, rest: string): Written {
  return [
    ['a way back', `/x/..${path}`],
    ['a way back from the web', `/assets/..${path}`],
    ['a way back from the doors', `/enrol/v1/../..${path}`],
    ['a way back from what is public', `/api/openapi.json/..${rest}`],
    ['a way back encoded', `/assets/%2e%2e${path}`],
    ['a way back encoded twice', `/assets/%252e%252e${path}`],
    ['a way back with its slash encoded', `/assets/..%2f${path.slice(1)}`],
    ['a way back with a parameter', `/assets/..;${path}`],
    ['an overlong dot', `/assets/%c0%ae%c0%ae${path}`],
    ['many steps', `${'/x'.repeat(500)}${'/..'.repeat(500)}${path}`],
  ];
}

function otherWords(path: string, rest: string, port: number): Written {
  const [, first = 'x', ...others] = rest.split('/');
  const tail = others.map((part) => `/${part}`).join('');
  return [
    ['upper case', `/API${rest}`],
    ['mixed case', `/Api${rest}`],
    ['a name in upper case', `/api/${first.toUpperCase()}${tail}`],
    ['a slash at the end', `${path}/`],
    ['two slashes before', `/${path}`],
    ['two slashes inside', `/api/${rest}`],
    ['three slashes', `//${path.replaceAll('/', '//')}`],
    ['a dot inside', `/api/.${rest}`],
    ['a dot before', `/.${path}`],
    ['an encoded prefix', `/${encoded('api')}${rest}`],
    ['a prefix encoded twice', `/%2561pi${rest}`],
    ['an encoded slash', `/api%2f${rest.slice(1)}`],
    ['a slash encoded twice', `/api%252f${rest.slice(1)}`],
    ['an encoded backslash', `/api%5c${rest.slice(1)}`],
    ['a backslash', `/api\\${rest.slice(1)}`],
    ['an overlong slash', `/api%c0%af${rest.slice(1)}`],
    ['wide letters', `/${wide('api')}${rest}`],
    ['an encoded name', `/api/${encoded(first)}${tail}`],
    ['a parameter', `/api;x=1${rest}`],
    ['a parameter at the end', `${path};.css`],
    ['an extension', `${path}.json`],
    ['an extension of the web', `${path}.css`],
    ['a file behind it', `${path}/x.css`],
    ['a dot at the end', `${path}.`],
    ['a space at the end', `${path}%20`],
    ['a null at the end', `${path}%00`],
    ['a null and an extension', `${path}%00.css`],
    ['a null inside', `/api%00${rest}`],
    ['a line break', `${path}%0d%0ax:y`],
    ['a tab', `/api%09${rest}`],
    ['half an escape', `${path}%`],
    ['no escape', `${path}%zz`],
    ['a fragment', `${path}#/assets/app.css`],
    ['a query of a path', `/assets/x.css?${path}`],
    ['the prefix twice', `/api${path}`],
    ['a longer prefix', `/apix${rest}`],
    ['a version', `/api/v1${rest}`],
    ['the whole address', `http://localhost:${port}${path}`],
    ['the address of another', `http://evil.example${path}`],
    ['a scheme of elsewhere', `file://${path}`],
    ['a name before', `@localhost${path}`],
    ['a very long path', `${path}/${'a'.repeat(8_000)}`],
  ];
}

/** What proxies say before a program of their own, and what a program without one must not believe. */
const PATH_HEADERS = ['x-original-url', 'x-rewrite-url', 'x-forwarded-uri', 'x-forwarded-path'];
const OTHER_HEADERS: ReadonlyArray<readonly [string, string]> = [
  ['x-forwarded-for', '127.0.0.1'],
  ['x-forwarded-user', 'owner'],
  ['x-remote-user', 'owner'],
  ['x-http-method-override', 'GET'],
  ['forwarded', 'for=127.0.0.1;by=127.0.0.1'],
  ['authorization', 'Bearer '],
  ['authorization', 'Basic b3duZXI6'],
  ['authorization', 'Bearer null'],
  ['cookie', 'rmm='],
  ['cookie', 'rmm=undefined; rmm=null'],
];
const OTHER_METHODS = ['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'CONNECT', 'GET\t', ''];

/** `path` begins with the prefix of the API. */
export function mutationsOf(method: string, path: string, port: number): Mutation[] {
  const rest = path.replace(/^\/api/, '');
  const written = [...waysBack(path, rest), ...otherWords(path, rest, port)];
  return [
    ...written.map(([what, mutated]) => ({ what, path: mutated })),
    ...PATH_HEADERS.map((name) => ({ what: name, path: '/assets/app.css', headers: [[name, path] as const] })),
    ...OTHER_HEADERS.map(([name, value]) => ({ what: `${name}: ${value}`, path, headers: [[name, value] as const] })),
    ...[...OTHER_METHODS, method.toLowerCase()].map((other) => ({ what: `by ${other}`, path, method: other })),
  ];
}

/** Where a web server keeps what is nobody's: files beside the web's folder. */
export const FILE_PATHS: readonly string[] = [
  '/secret.txt',
  '/../secret.txt',
  '/../secret.css',
  '/%2e%2e/secret.css',
  '/..%2fsecret.css',
  '/%252e%252e%252fsecret.css',
  '/assets/../../secret.css',
  '/assets/..%5c..%5csecret.css',
  '/assets\\..\\..\\secret.css',
  '/..;/secret.css',
  '/%c0%ae%c0%ae/secret.css',
  '/.%00./secret.css',
  '/secret.css%00.css',
  '//secret.css',
  '/etc/passwd',
  '//etc/passwd',
  '/file:///etc/passwd',
  '/./././../secret.css',
  '/web/../../secret.css',
  '/console.db',
  '/cli/profile.json',
  '/linked.css',
  '/.env',
  '/__proto__',
  '/constructor',
  '/toString.css',
];
