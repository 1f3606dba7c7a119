// The library of scripts, and the repositories that its versions come from.
import type { Actions } from '#console/actions/actions.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import { ScriptLibrary } from '#console/scripts/script-library.ts';
import { ScriptSync } from '#console/scripts/script-sync.ts';
import type { Store } from '#console/store/database.ts';
import { charterSigners } from '#console/trust/charter-repository.ts';
import type { Clock } from '#shared/base/clock.ts';

interface ScriptDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  /** Orders wait there. */
  actions: Pick<Actions, 'endScriptIn'>;
}

export function composeScripts({ actions, ...deps }: ScriptDeps, config: Pick<ConsoleConfig, 'scripts' | 'outgoing'>) {
  const scripts = new ScriptLibrary({
    ...deps,
    signers: () => charterSigners(deps.store.db),
    onOutdated: (tx, hash) => actions.endScriptIn(tx, hash),
  });
  const allowHosts = new Set(config.outgoing.allowHosts.map((host) => host.toLowerCase()));
  const { sources } = config.scripts;
  return {
    scripts,
    scriptSync: new ScriptSync({ library: scripts, clock: deps.clock, sources, rules: { allowHosts } }),
  };
}
