// What a person reads before signing is all of the order, and nothing of it moves the terminal.
import { expect, test } from 'vitest';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { sampleCharter, sampleManifest } from '#test/fixtures/sample-trust.ts';
import { orderText } from './order-text.ts';

test('what is shown is the command in full, every device with its identity, and no control character', () => {
  const manifest = sampleManifest({
    action: { name: 'command.run', arguments: { command: 'echo a\n\u001b[2Jrm -rf /' } },
  });
  const rule = tierRule(sampleCharter([], []), 't3');
  const text = orderText({ manifests: [manifest], rule, nameOf: () => 'web\u202e-1' });
  expect(text).toContain('rm -rf /');
  expect(text).toContain('0123456789abcdef0123456789abcdef');
  expect(text).toContain('for 30 s before it starts');
  for (const sign of ['\u001b', '\u202e']) expect(text).not.toContain(sign);
});

test('the restart of a service is said in a sentence, with its tier and who must sign', () => {
  const manifest = sampleManifest({ action: { name: 'service.restart', arguments: { service: 'nginx' } } });
  const text = orderText({ manifests: [manifest], rule: tierRule(sampleCharter([], []), 't1'), nameOf: () => 'web-1' });
  expect(text).toContain('Restart the service nginx');
  expect(text).toContain('t1, can be undone');
  expect(text).toContain('one person');
});
