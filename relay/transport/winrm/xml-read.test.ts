// The reader of XML: namespaces, and everything that it refuses.
import { expect, test } from 'vitest';
import { childOf, childrenOf, readXml, XmlFault } from './xml-read.ts';

test('elements are known by their namespace, whatever prefix stands for it', () => {
  const root = readXml(
    '<a:r xmlns:a="urn:1" xmlns:b="urn:1"><b:c k="v" b:k="w">x<![CDATA[<y>]]>&amp;&#x41;</b:c><c/></a:r>',
  );
  const child = childOf(root, 'urn:1', 'c');
  expect(child?.text).toBe('x<y>&A');
  expect(child?.attributes).toEqual(
    new Map([
      ['k', 'v'],
      ['urn:1 k', 'w'],
    ]),
  );
  expect(childrenOf(root, '', 'c')).toHaveLength(1);
});

test.each([
  ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'declares a document type'],
  ['an entity nobody declared', '<a>&x;</a>', 'not well-formed'],
  ['a processing instruction', '<?php ?><a/>', 'processing instruction'],
  ['two roots', '<a/><b/>', 'not well-formed'],
  ['an end that is missing', '<a><b></a>', 'not well-formed'],
  ['a prefix of nothing', '<x:a/>', 'not well-formed'],
  ['nothing', '', 'not well-formed'],
  ['a NUL by reference', '<a>&#0;</a>', 'not well-formed'],
  ['a nest', '<a>'.repeat(25), 'too deep'],
  ['a crowd', `<a>${'<b/>'.repeat(40_001)}</a>`, 'too many elements'],
  ['a hedgehog', `<a ${Array.from({ length: 41 }, (_, i) => `k${i}="v"`).join(' ')}/>`, 'too many attributes'],
  ['a giant', `<a>${'x'.repeat(1_048_577)}</a>`, 'longer than'],
])('%s is refused', (_, text, what) => {
  expect(() => readXml(text)).toThrow(XmlFault);
  expect(() => readXml(text)).toThrow(what);
});

test('what is wrong is told without what was read', () => {
  expect(() => readXml('<secret>&hidden;</secret>')).toThrow(/^not well-formed$/);
});
