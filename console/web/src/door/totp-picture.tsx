// The QR code of an authenticator app's secret, drawn here: nothing of it leaves the page.
import encodeQR from 'qr';
import { useMemo } from 'react';
import { qrPath } from './qr-path.ts';
import { t } from './text.ts';

/** Modules around it that stay white, without which no camera finds it. */
const BORDER = 4;

export function TotpPicture({ uri }: { uri: string }) {
  const { path, size } = useMemo(() => {
    const modules = encodeQR(uri, 'raw', { ecc: 'medium', border: BORDER });
    return { path: qrPath(modules), size: modules.length };
  }, [uri]);
  return (
    <svg role="img" aria-label={t('appPicture')} viewBox={`0 0 ${size} ${size}`} className="size-52 rounded-md">
      {/* Black on white in every theme: cameras know nothing else. */}
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
