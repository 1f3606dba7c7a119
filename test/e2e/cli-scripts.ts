// The verbs of the script library: added, listed, shown, changed, compared, reviewed once looked at, run, taken out.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Ran } from './cli-rig.ts';

interface ScriptRun {
  rmm: (place: string, words?: readonly string[], input?: string) => Promise<Ran>;
  folder: string;
  /** This machine, which is a device. */
  own: string;
}

export function defineScriptCommandTests({ rmm, folder, own }: ScriptRun): void {
  const text = async (place: string, words: readonly string[] = []) => {
    const { code, out, err } = await rmm(place, words);
    expect({ place, code, err }).toEqual({ place, code: 0, err: '' });
    return out;
  };
  const json = async (place: string, words: readonly string[] = []) =>
    JSON.parse(await text(place, [...words, '--json']));
  const file = path.join(folder, 'greet.sh');

  test('script: added, changed, compared, reviewed, run with what it is told, removed', async () => {
    writeFileSync(file, 'echo "hello $WHO"\n');
    expect(await text('script add', [file, '--param', 'WHO=text'])).toContain('added greet, version 1');
    const again = await rmm('script add', [file]);
    expect({ code: again.code, why: again.err.includes('is the same already') }).toEqual({ code: 1, why: true });
    writeFileSync(file, 'echo "good day $WHO"\n');
    expect(await json('script add', [file, '--timeout', '20'])).toMatchObject({ name: 'greet', version: 2 });
    expect(await text('script list')).toMatch(/greet +2 +sh/);
    const shown = await text('script show', ['greet']);
    expect(shown).toMatch(/parameter WHO: text[\s\S]*good day[\s\S]*versions\n2 .*\n1 /);
    expect(await text('script diff', ['greet'])).toContain('- echo "hello $WHO"\n+ echo "good day $WHO"');
    expect(await text('script review', ['greet'])).toMatch(/since version 1[\s\S]*say --yes/);
    // It is signed by the only key there is already.
    expect((await rmm('script review', ['greet', '--yes'])).err).toContain('has this signature');
    const hostile = "Ann'; touch /tmp/rmm-never; '";
    const told = ['greet', '--device', own, '--param', `WHO=${hostile}`];
    expect((await json('script run', told)).outcomes).toMatchObject([
      { state: 'succeeded', stdout: `good day ${hostile}\n` },
    ]);
    expect((await rmm('script run', ['greet', '--device', own])).err).toContain('WHO: is missing');
    // What a repository brings is proved beside the sync; this console's configuration names none.
    expect(await json('script sources')).toEqual([]);
    expect((await rmm('script sync', ['ops'])).err).toContain('no source ops in the configuration');
    expect(await text('script remove', ['greet'])).toContain('removed');
    expect(await json('script list')).toEqual([]);
  });
}
