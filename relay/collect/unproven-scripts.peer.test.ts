// The scripts for systems we have no machine of: at least every shell reads them, shellcheck is content, and a foreign system fails softly.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { shellSession } from '#test/fixtures/shell-session.ts';
import { bsdColdScript } from './bsd-cold-script.ts';
import { freebsdCollector } from './freebsd/freebsd-collector.ts';
import { freebsdHotScript } from './freebsd/hot-script.ts';
import { macosHotScript } from './macos/hot-script.ts';
import { macosCollector } from './macos/macos-collector.ts';

const SCRIPTS = {
  'freebsd hot': freebsdHotScript,
  'macos hot': macosHotScript,
  'freebsd cold': bsdColdScript('freebsd'),
  'macos cold': bsdColdScript('macos'),
};

test.each(Object.entries(SCRIPTS))('shellcheck has nothing to say about %s', (_name, script) => {
  expect(execFileSync('shellcheck', ['-s', 'sh', '-'], { input: script('0f'), encoding: 'utf8' })).toBe('');
});

test.each([freebsdCollector(seededBytes(1)), macosCollector(seededBytes(2))])(
  'on this machine, which is neither, the answer is complete and what is not there is unknown',
  async (collector) => {
    for (const shell of [
      ['dash', '-s'],
      ['bash', '-s'],
      ['busybox', 'sh', '-s'],
    ]) {
      const hot = await collector.collectHot(shellSession(shell), new AbortController().signal);
      expect(hot).toMatchObject({ ok: true });
      const cold = await collector.collectCold(shellSession(shell), new AbortController().signal);
      expect(cold).toMatchObject({ ok: true });
    }
  },
);
