// Elements as the terminal's library makes them, within the policy of pages: styles that it writes as text are handed to the CSSOM.

const plain = (name: string): HTMLElement => Document.prototype.createElement.call(document, name);

/** A stand-in for a `style` element, which the policy would not apply: what is written to it becomes a sheet of the document. */
function sheetElement(): HTMLElement {
  const element = plain('span');
  const sheet = new CSSStyleSheet();
  element.hidden = true;
  document.adoptedStyleSheets.push(sheet);
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    HTMLElement.prototype.remove.call(element);
  };
  return element;
}

/** Colours of a cell come as the text of an attribute: the same declarations, as an object. */
function styledSpan(): HTMLElement {
  const element = plain('span');
  element.setAttribute = (name: string, value: string) => {
    if (name === 'style') element.style.cssText = value;
    else HTMLElement.prototype.setAttribute.call(element, name, value);
  };
  return element;
}

function make(name: string): HTMLElement {
  if (name === 'style') return sheetElement();
  return name === 'span' ? styledSpan() : plain(name);
}

let standing = 0;

/**
 * From now until what is returned is called. The library has an option for the document it uses, and leaves it out where it
 * draws rows, so it is the page's own document that answers: to everybody else as before, for `style` elements of others
 * would be refused, and a span behaves as any other.
 */
export function styleElements(): () => void {
  standing += 1;
  // `createElement` has a form for each name; what is made here is what the browser would make, or its stand-in.
  document.createElement = make as Document['createElement'];
  return () => {
    standing -= 1;
    // The own member hides the browser's, and nothing else.
    if (standing === 0) Reflect.deleteProperty(document, 'createElement');
  };
}
