// The verbs of files, tunnels and terminals: without the key of the relay nothing is opened.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Ran } from './cli-rig.ts';

interface FileRun {
  rmm: (place: string, words?: readonly string[], input?: string) => Promise<Ran>;
  folder: string;
  /** This machine, which is a device. */
  own: string;
}

export function defineFileCommandTests({ rmm, folder, own }: FileRun): void {
  test('file, tunnel: nothing is opened before the key of the relay is known, and what is said wrongly is named', async () => {
    const local = path.join(folder, 'sent.bin');
    writeFileSync(local, 'sent');
    const place = `${own}:/tmp/rmm-none`;
    for (const verb of ['file ls', 'file get', 'file mkdir', 'file rm'])
      expect((await rmm(verb, [place])).err).toContain('rmm relay sealing-key');
    expect((await rmm('file put', [local, place])).err).toContain('rmm relay sealing-key');
    expect((await rmm('file put', [`${local}.none`, place])).err).toContain('cannot be read');
    expect((await rmm('file ls', [own])).err).toContain('<device>:<path>');
    expect((await rmm('tunnel', [own, '3389'])).err).toContain('rmm relay sealing-key');
    expect((await rmm('tunnel', [own, '70000'])).code).not.toBe(0);
  });

  test('ssh: nobody types before the key of the relay is known', async () => {
    expect((await rmm('ssh', [own])).err).toContain('rmm relay sealing-key');
    // The shell of the login opens: no option may say that there is a choice.
    expect((await rmm('ssh', [own, '--shell', 'cmd'])).err).toContain('unknown option');
  });
}
