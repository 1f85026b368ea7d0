// The few things that every part of the page does to the document. What comes from data is only ever put in as text.

/** Finds the element of an id. */
export const byId = id => document.getElementById(id);

/** Makes an element: make('p', { class: 'note' }, 'words', otherElement). */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

/** Sets a text only where it differs, so that selections and screen readers are left alone. */
export function setText(element, text) {
  const words = String(text ?? '');
  if (element.textContent !== words) element.textContent = words;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
}

/** Shows why a part cannot be shown; null: it can. */
export function showProblem(element, words) {
  setText(element, words ?? '');
  show(element, Boolean(words));
}

/**
 * Brings a list up to date in place: elements stay with their key, so that focus and scroll position stay too.
 * create(item) makes an element, update(element, item) fills it.
 */
export function keyed(list, items, key, create, update) {
  const there = new Map([...list.children].map(element => [element.dataset.key, element]));
  let before = list.firstElementChild;
  for (const item of items) {
    const id = String(key(item));
    let element = there.get(id);
    if (element) {
      there.delete(id);
    } else {
      element = create(item);
      element.dataset.key = id;
    }
    update(element, item);
    if (element === before) before = before.nextElementSibling;
    else list.insertBefore(element, before);
  }
  for (const gone of there.values()) gone.remove();
}
