// Before any end-to-end file: the web console and the programs are built once, not by three files at the same moment over each other.
import { buildWebIfChanged } from '#console/cli/up/web-build.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';

export async function setup(): Promise<void> {
  await buildWebIfChanged(PROJECT);
  await ensureBundles((line) => void process.stdout.write(`${line}\n`));
}
