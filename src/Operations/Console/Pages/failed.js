// Failed messages: how many, and of what kind. ServicePulse has the rest.

import { byId, keyed, make, setText, show, showProblem } from './dom.js';
import { count, plural, time } from './format.js';
import { announce } from './speech.js';

let known = null;

export function showFailed({ value, error }) {
  showProblem(byId('failed-problem'), error);
  if (!value) return;
  setText(byId('failed-title'), value.count ? `Failed messages (${count(value.count)})` : 'Failed messages');
  show(byId('failed-none'), value.count === 0);
  keyed(byId('failed-groups'), value.groups, group => group.id, create, update);
  if (known !== null && value.count > known) announce(`${plural(value.count, 'message')} failed`);
  known = value.count;
}

const create = () => make('li', {},
  make('span', { class: 'name' }), make('span', { class: 'figure' }), make('time', { class: 'quiet' }));

function update(row, group) {
  const [title, number, last] = row.children;
  setText(title, group.title);
  setText(number, plural(group.count, 'message'));
  time(last, group.last);
}
