// What operators did last.

import { byId, keyed, make, setText, show, showProblem } from './dom.js';
import { plural, time } from './format.js';
import { ask } from './http.js';

let newest = -1;

/** Reads the list again when there is a newer action than the newest that is shown. */
export async function showActions({ value, error }) {
  if (error) showProblem(byId('actions-problem'), error);
  if (value === undefined || value === newest) return;
  newest = value;
  try {
    const actions = await ask('actions');
    showProblem(byId('actions-problem'), null);
    show(byId('actions-none'), actions.length === 0);
    keyed(byId('action-list'), actions, action => action.id, create, update);
  } catch (fault) {
    newest = -1;
    showProblem(byId('actions-problem'), fault.message);
  }
}

const create = () => make('li', {},
  make('span', { class: 'name' }), make('span', { class: 'figure' }), make('time', { class: 'quiet' }));

function update(row, action) {
  const [what, who, when] = row.children;
  const about = action.resource ?? action.scope;
  const messages = action.messages > 1 ? `, ${plural(action.messages, 'message')}` : '';
  const outcome = action.outcome === 'done' ? '' : ` – ${action.outcome}${action.detail ? `: ${action.detail}` : ''}`;
  setText(what, `${action.action} ${about}${messages}${outcome}`);
  setText(who, action.who);
  time(when, action.at);
}
