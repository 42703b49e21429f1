// Elements, made one by one: text stays text, whatever it holds.

/** An element with its attributes and children. An attribute that is null, undefined or false is left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Paragraphs of a description; what stands between backticks is code. */
export function words(text) {
  return text
    .split('\n\n')
    .filter((paragraph) => paragraph.trim())
    .map((paragraph) => el('p', { class: 'words' }, ...inline(paragraph)));
}

/** One line of a description. */
export function inline(text) {
  return text.split('`').map((part, index) => (index % 2 ? el('code', {}, part) : part));
}

/** The chip of a method. */
export const chip = (method) => el('span', { class: 'chip', 'data-method': method }, method);

/** A button that copies what `read` gives, and says so for a moment. */
export function copyButton(read) {
  const button = el('button', { type: 'button', class: 'btn small end' }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(read());
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not allowed here';
    }
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
  return button;
}
