// A part of a page that scrolls by itself: reachable by keys when there is something to scroll, and only then.
import { type ReactNode, useEffect, useRef, useState } from 'react';

interface ScrollAreaProps {
  label: string;
  className?: string;
  children: ReactNode;
}

export function ScrollArea({ label, className = 'overflow-x-auto', children }: ScrollAreaProps) {
  const area = useRef<HTMLDivElement>(null);
  const [isScrolling, setIsScrolling] = useState(false);
  useEffect(() => {
    const place = area.current;
    if (place === null) return;
    const measure = () =>
      setIsScrolling(place.scrollWidth > place.clientWidth || place.scrollHeight > place.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(place);
    if (place.firstElementChild !== null) observer.observe(place.firstElementChild);
    return () => observer.disconnect();
  }, []);
  const reachable = isScrolling ? { role: 'group', tabIndex: 0, 'aria-label': label } : {};
  return (
    <div ref={area} className={className} {...reachable}>
      {children}
    </div>
  );
}
