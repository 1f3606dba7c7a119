// The order of the end-to-end files: those that take longest begin first, so that no worker waits for one that began last.
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds on two busy cores; a file that is not named takes less than any of these. */
const SECONDS: Readonly<Record<string, number>> = {
  'test/web/every-page.peer.test.ts': 148,
  'test/web/device.peer.test.ts': 136,
  'test/e2e/cli.test.ts': 220,
  'test/e2e/history.test.ts': 100,
  'test/e2e/backup.test.ts': 54,
  'test/e2e/exposition.test.ts': 40,
  'test/e2e/api-contract.test.ts': 40,
  'test/web/places.peer.test.ts': 88,
  'test/web/corpus.peer.test.ts': 85,
  'test/web/keyboard.peer.test.ts': 61,
  'test/web/signing.peer.test.ts': 60,
  'test/web/shell.peer.test.ts': 55,
  'test/web/credentials.peer.test.ts': 45,
  'test/e2e/main-job.test.ts': 50,
  'test/web/ui-gallery.peer.test.ts': 48,
  'test/web/fleet.peer.test.ts': 46,
  'test/web/hostile.peer.test.ts': 42,
  'test/e2e/identity.test.ts': 35,
  'console/store/repositories.peer.test.ts': 33,
  'test/e2e/top.test.ts': 28,
  'test/web/pages.peer.test.ts': 27,
  'test/web/tabs.peer.test.ts': 25,
  'test/e2e/bad-input.test.ts': 21,
  'test/e2e/replaced-relay.test.ts': 20,
  'test/e2e/killed-relay.test.ts': 15,
  'relay/commands/relay-commands.peer.test.ts': 14,
};

/** What vitest remembers of a former run counts for the rest; a fresh clone remembers nothing. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const secondsOf = ({ moduleId, project }: TestSpecification) =>
      project.name === 'e2e' ? (SECONDS[path.relative(this.ctx.config.root, moduleId)] ?? 0) : 0;
    return (await super.sort(files)).sort((a, b) => secondsOf(b) - secondsOf(a));
  }
}
