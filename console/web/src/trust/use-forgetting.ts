// A page that a browser keeps for the way back keeps no secret in it.
import { useEffect, useRef } from 'react';

export function useForgetting(forget: () => void): void {
  const latest = useRef(forget);
  useEffect(() => {
    latest.current = forget;
  });
  useEffect(() => {
    const onHide = () => latest.current();
    addEventListener('pagehide', onHide);
    return () => removeEventListener('pagehide', onHide);
  }, []);
}
