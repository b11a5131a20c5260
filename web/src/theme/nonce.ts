/** Style sheets that libraries write while the portal runs carry the page's nonce, which the content policy asks for. */

const nonce = document.querySelector<HTMLMetaElement>("meta[name=style-nonce]")?.content ?? "";
const createElement = document.createElement.bind(document);

function createWithNonce(name: string, options?: ElementCreationOptions): HTMLElement {
  const element = createElement(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
}

/** Must run before the first style sheet is written. Some libraries do not pass a nonce on, hence at this one place. */
export function markStyleSheets(): void {
  document.createElement = createWithNonce;
}
