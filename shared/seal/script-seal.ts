// Signing versions of scripts, and proving that the people whom a charter asks for have reviewed what an order would run.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import type { Action, ScriptAction, Signature } from '#shared/model/manifest.ts';
import { ScriptVersion } from '#shared/model/script.ts';
import { scriptEnvironment } from '#shared/model/script-values.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import { sha256, toHex } from './hash.ts';
import type { SigningKey } from './key-pair.ts';
import { tierRule } from './profile-tiers.ts';
import { proveSignatures } from './signature-check.ts';
import { signStrict } from './strict-jws.ts';
import { checkSigners } from './tier-check.ts';

const TYPE = 'rmm-script';

/** The text that every signature on a version covers. */
export const scriptText = (version: ScriptVersion): string => canonicalJson(ScriptVersion.parse(version));

/** By which a version is named wherever its text is not at hand. */
export const scriptHash = async (text: string): Promise<string> => toHex(await sha256(text));

export const signScriptText = (text: string, key: SigningKey): Promise<string> => signStrict(text, TYPE, key);

/** What a text says, without any proof. */
export function readScript(text: string): ScriptVersion {
  const parsed = ScriptVersion.safeParse(parseCanonical(text));
  if (!parsed.success)
    throw new AppError('manifest-invalid', `the script has not its form: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.id !== parsed.data.id.toLowerCase())
    throw new AppError('manifest-invalid', 'the script spells its id in upper case');
  return parsed.data;
}

export interface SignedScript {
  text: string;
  signatures: readonly Signature[];
}

/** Those of `signers` who signed the text. A signature of anybody else counts for nothing here: another site may know them. */
export async function scriptSigners(
  { text, signatures }: SignedScript,
  charter: Pick<Charter, 'version' | 'signers'>,
): Promise<Signer[]> {
  const found = new Map<string, Signer>();
  for (const signature of signatures) {
    const [signer] = await proveSignatures([signature], { text, typ: TYPE }, charter).catch(onlyUnproven);
    if (signer !== undefined) found.set(signer.key.id, signer);
  }
  return [...found.values()];
}

function onlyUnproven(error: unknown): Signer[] {
  if (error instanceof AppError && error.code === 'signature-invalid') return [];
  throw error;
}

/** Throws `signature-missing` unless as many people reviewed it as tier t3 asks for under an order of any command. */
export async function checkReview(script: SignedScript, charter: Charter): Promise<void> {
  const { name, version } = readScript(script.text);
  // A guardian's key was given for stopping: as a review it counts for nothing, and spoils nothing.
  const signers = (await scriptSigners(script, charter)).filter(({ role }) => role !== 'guardian');
  checkSigners(`script ${name}, version ${version}`, tierRule(charter, 't3'), signers);
}

export const isScriptAction = (action: Action): action is ScriptAction =>
  action.name === 'script.run' || action.name === 'script.try';

/** The version that an order would run, when it is whole, told what it asks for, and reviewed where it says so. */
export async function proveScript(action: ScriptAction, charter: Charter): Promise<ScriptVersion> {
  const { script, hash, values } = action.arguments;
  const version = readScript(script);
  const name = `script ${version.name}, version ${version.version}`;
  if ((await scriptHash(script)) !== hash) throw new AppError('manifest-invalid', `${name}: its hash is another`);
  const told = scriptEnvironment(version, values);
  if (!told.ok) throw new AppError('manifest-invalid', `${name}: ${told.detail}`);
  if (action.name === 'script.run')
    await checkReview({ text: script, signatures: action.arguments.signatures }, charter);
  return version;
}

/** Names of sealed variables that the action reads; undefined where it reads none. */
export function variablesOf(action: Action): readonly string[] | undefined {
  if (action.name === 'command.run') return action.arguments.vars;
  return isScriptAction(action) ? readScript(action.arguments.script).vars : undefined;
}
