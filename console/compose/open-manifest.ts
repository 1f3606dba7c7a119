// Proves a submitted manifest against the charter of its site before it is queued; the relay proves it again, and only that counts.
import { can } from '#console/access/can.ts';
import type { OpenedManifest } from '#console/actions/actions.ts';
import type { Store } from '#console/store/database.ts';
import { charterOf } from '#console/trust/charter-service.ts';
import { AppError } from '#shared/base/errors.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { SignedManifest } from '#shared/model/manifest.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { readManifest, verifySignedManifest } from '#shared/seal/manifest-seal.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { rolloutOf } from '#shared/seal/rollout.ts';
import { isScriptAction, proveScript } from '#shared/seal/script-seal.ts';
import { checkRoles, isEnough, missingFor, missingText } from '#shared/seal/tier-check.ts';

export function manifestOpener(store: Store): (signed: SignedManifest) => Promise<OpenedManifest> {
  return async (signed) => {
    const scope = can({ kind: 'system', part: 'actions' }, 'charter.read');
    if (!scope.allowed) throw new AppError('denied', 'the charter cannot be read');
    const { site } = readManifest(signed.manifest);
    const charter = await readCharter((await charterOf(store.db, scope.scope, site)).signed);
    const { manifest, signers } = await verifySignedManifest(signed, charter);
    if (isScriptAction(manifest.action)) await proveScript(manifest.action, charter);
    checkRoles(signers);
    const rule = tierRule(charter, tierOf(manifest.action));
    const missing = missingFor(rule, signers);
    const signer = signers.map(({ key }) => key.id).join(' ');
    const lacks = isEnough(missing) ? undefined : missingText(missing);
    return { manifest, signer, lacks, rollout: rolloutOf(manifest, rule) };
  };
}
