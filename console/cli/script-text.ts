// A version of a script in plain words and its texts in full, inert: what people read before they sign it or run it.
import { inert, inertLines } from '#shared/base/inert-text.ts';
import type { ScriptParameter, ScriptVersion } from '#shared/model/script.ts';

function parameterLine({ name, type, label, choices, preset, isOptional }: ScriptParameter): string {
  const kind = choices === undefined ? type : `one of ${choices.map(inert).join(', ')}`;
  const may = preset === undefined ? (isOptional === true ? ', may be left out' : '') : `, preset ${inert(preset)}`;
  return `parameter ${name}: ${kind}${may}${label === undefined ? '' : `  ${inert(label)}`}`;
}

/** Everything but its name and number. */
export function scriptBody(version: ScriptVersion): string {
  const { shell, timeoutS, description, parameters, vars = [], readings = [], before, text, after, rollback } = version;
  const parts = [
    [before, 'before it'],
    [text, 'the script'],
    [rollback, 'when it failed'],
    [after, 'after it'],
  ] as const;
  return [
    ...(description === '' ? [] : [inertLines(description)]),
    `with ${shell}, at most ${timeoutS} s a step`,
    ...parameters.map(parameterLine),
    ...(vars.length === 0 ? [] : [`reads the variables ${vars.join(', ')}`]),
    ...readings.map(
      ({ label, series, unit = '' }) => `reads "${inert(label)}: 12" as ${inert(`${series} ${unit}`.trim())}`,
    ),
    ...parts.flatMap(([body, name]) => (body === undefined ? [] : [`--- ${name} ---`, inertLines(body)])),
  ].join('\n');
}
