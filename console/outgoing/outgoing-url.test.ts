// What a person may set as a URL: https to a plain name of the public network; all that is written to be misread is refused.
import { expect, test } from 'vitest';
import { readOutgoingUrl } from './outgoing-url.ts';

const NOBODY = { allow: new Set<string>() };
const NAMED = { allow: new Set(['http://10.0.0.7:8080', 'https://id.inner:9443', 'https://127.0.0.1:9443']) };

test.each([
  'https://id.example.org/realms/one?tenant=7',
  'https://ID.example.org:443/',
  'https://id.example.org:8443/x',
  'https://93.184.216.34/',
])('%s is read', (text) => {
  expect(readOutgoingUrl(text, NOBODY).isNamed).toBe(false);
});

test.each([
  ['http://id.example.org/', /only https/],
  ['ftp://id.example.org/', /begins with/],
  ['file:///etc/passwd', /begins with/],
  ['//id.example.org/', /begins with/],
  ['https:/id.example.org/', /begins with/],
  [`https://id.example.org/${'a'.repeat(3_000)}`, /at most/],
  ['https://anna@id.example.org/', /no name and no password/],
  ['https://:secret@id.example.org/', /no name and no password/],
  ['https://id.example.org:22/', /port 22/],
  ['https://id.example.org:6379/', /port 6379/],
  ['https://2130706433/', /misread/],
  ['https://0x7f000001/', /misread/],
  ['https://0177.0.0.1/', /misread/],
  ['https://127.1/', /misread/],
  ['https://id.example.org./', /misread/],
  ['https://id.example.org\\@evil.example/', /misread/],
  ['https://id\u3002example.org/', /misread/],
  ['https://\u24d8d.example.org/', /misread/],
  ['https://%69d.example.org/', /misread/],
  ['https://id.exa\tmple.org/', /misread/],
  ['https://[0:0:0:0:0:0:0:1]/', /misread/],
  ['https://id.example.org:0443/', /misread/],
  ['https://localhost/', /inside/],
  ['https://printer/', /inside/],
  ['https://db.internal/', /inside/],
  ['https://nas.local/', /inside/],
])('%s is refused', (text, why) => {
  expect(() => readOutgoingUrl(text, NOBODY)).toThrow(why);
});

test('an origin that the configuration names may stand inside, and is that origin alone', () => {
  expect(readOutgoingUrl('http://10.0.0.7:8080/hook', NAMED)).toMatchObject({ isNamed: true, port: 8080 });
  expect(readOutgoingUrl('https://id.inner:9443/', NAMED)).toMatchObject({ isNamed: true, host: 'id.inner' });
  expect(() => readOutgoingUrl('http://10.0.0.7:8081/', NAMED)).toThrow(/only https/);
  expect(() => readOutgoingUrl('http://id.inner:9443/', NAMED)).toThrow(/only https/);
  expect(() => readOutgoingUrl('https://id.inner:9443@evil.example/', NAMED)).toThrow(/no name/);
  expect(() => readOutgoingUrl('https://127.1:9443/', NAMED)).toThrow(/misread/);
});

test('a refusal says nothing of a path or a query, which may be secrets', () => {
  expect(() => readOutgoingUrl('https://id.example.org:22/s3cret?k=s3cret', NOBODY)).toThrow(/^(?!.*s3cret)/);
});
