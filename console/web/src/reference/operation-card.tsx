// One operation: how it is asked, what it takes, what it answers; folded until somebody wants to know.
import { apiPrefix } from 'virtual:contract-routes';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import type { Operation, Parameter } from './document.ts';
import type { ShapeLine } from './shape.ts';
import { t } from './text.ts';

const METHOD_TONE: Readonly<Record<string, string>> = {
  GET: 'text-accent',
  POST: 'text-up',
  PUT: 'text-changed',
  PATCH: 'text-changed',
  DELETE: 'text-down',
};

function curlOf({ method, path, body }: Operation): string {
  const how = method === 'GET' ? '' : ` -X ${method}`;
  const data = body.length === 0 ? '' : ` \\\n  -H 'Content-Type: application/json' -d '{…}'`;
  return `curl${how} ${location.origin}${apiPrefix}${path} \\\n  -H "Authorization: Bearer $RMM_TOKEN"${data}`;
}

export function OperationCard({ operation }: { operation: Operation }) {
  const { method, path, summary, permission, isDangerous, note } = operation;
  return (
    <details className="border-b border-line last:border-0">
      <summary className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-2">
        <span className="fold-arrow" aria-hidden="true" />
        <span className={`w-14 font-mono text-xs font-semibold ${METHOD_TONE[method] ?? ''}`}>{method}</span>
        <span className="min-w-0 font-mono text-xs wrap-anywhere">{path}</span>
        <span className="text-muted">{summary}</span>
      </summary>
      <div className="flex flex-col gap-3 px-3 pt-1 pb-4 sm:pl-10">
        <p className="m-0 flex flex-wrap items-center gap-2 text-xs text-muted">
          {t('permission')} <Tag text={permission} />
          {isDangerous && <Tag text={t('dangerous')} tone="changed" />}
        </p>
        {note !== '' && <p className="m-0 max-w-prose text-muted">{note}</p>}
        <Parameters parameters={operation.parameters} />
        <Shape title={t('body')} lines={operation.body} />
        <Shape title={t('answer')} lines={operation.answer} />
        <CopyBox label={t('copyExample')} text={curlOf(operation)} />
      </div>
    </details>
  );
}

function Parameters({ parameters }: { parameters: readonly Parameter[] }) {
  if (parameters.length === 0) return null;
  const lines = parameters.map(({ name, type, isOptional, place }) => ({
    depth: 0,
    name,
    type,
    isOptional,
    limits: place,
  }));
  return <Shape title={t('parameters')} lines={lines} lastTitle={t('place')} />;
}

interface ShapeProps {
  title: string;
  lines: readonly ShapeLine[];
  lastTitle?: string;
}

function Shape({ title, lines, lastTitle = t('limits') }: ShapeProps) {
  if (lines.length === 0) return null;
  return (
    <ScrollArea label={title} className="overflow-x-auto">
      <table className="w-full border-collapse text-xs">
        <caption className="pb-1 text-left font-medium">{title}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{t('field')}</th>
            <th scope="col">{t('type')}</th>
            <th scope="col">{lastTitle}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            // Lines of a schema have no name of their own: the same field stands in several objects.
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes.
            <tr key={index} className="border-t border-line align-top">
              <td className="py-1 pr-4 font-mono whitespace-nowrap" style={{ paddingLeft: `${line.depth * 1.25}rem` }}>
                {line.name}
                {line.isOptional && <span className="ml-1 font-sans text-muted">{t('optional')}</span>}
              </td>
              <td className="py-1 pr-4 font-mono text-muted wrap-anywhere">{line.type}</td>
              <td className="py-1 whitespace-nowrap text-muted">{line.limits}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
