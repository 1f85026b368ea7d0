// What the page says: to everyone after an action, and to screen readers when something changed by itself.

import { byId, make } from './dom.js';

const waiting = [];
let speaking = null;

/** Reads out what changed, several changes at once. Not for numbers, which change all the time. */
export function announce(words) {
  waiting.push(words);
  speaking ??= setTimeout(() => {
    byId('announcer').textContent = waiting.splice(0).join('. ');
    speaking = null;
  }, 500);
}

let hiding = null;

/** Shows the outcome of an action; failures stay until they are dismissed. */
export function tell(words, failed = false) {
  const outcome = byId('outcome');
  clearTimeout(hiding);
  const close = make('button', { type: 'button', 'aria-label': 'Dismiss' }, '×');
  close.addEventListener('click', () => outcome.replaceChildren());
  outcome.dataset.failed = failed;
  outcome.replaceChildren(make('p', {}, words), close);
  if (!failed) hiding = setTimeout(() => outcome.replaceChildren(), 10000);
}
