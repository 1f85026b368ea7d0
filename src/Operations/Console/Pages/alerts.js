// Alerts: those that are raised, and the rules that are quiet.

import { byId, keyed, make, setAttribute, setText, show } from './dom.js';
import { measure, plural, time } from './format.js';
import { announce } from './speech.js';

let known = null;

export function showAlerts(alerts) {
  const raised = alerts.filter(alert => alert.state === 'raised');
  const quiet = alerts.filter(alert => alert.state !== 'raised');
  setText(byId('alerts-note'), raised.length ? `${raised.length} raised` : 'None is raised.');
  setAttribute(byId('alerts-note'), 'data-bad', raised.length > 0 || null);
  setText(byId('alerts-quiet'), plural(quiet.length, 'quiet rule'));
  show(byId('alerts-quiet').parentElement, quiet.length > 0);
  keyed(byId('alerts-raised'), raised, alert => alert.id, create, update);
  keyed(byId('alerts-ok'), quiet, alert => alert.id, create, update);
  document.title = raised.length ? `(${raised.length}) Operations` : 'Operations';

  const now = new Map(raised.map(alert => [alert.id, alert.title]));
  if (known) {
    for (const [id, title] of now) if (!known.has(id)) announce(`Alert: ${title}`);
    for (const [id, title] of known) if (!now.has(id)) announce(`Over: ${title}`);
  }
  known = now;
}

const create = () => make('li', {},
  make('span', { class: 'state' }),
  make('div', {}, make('p', { class: 'name' }), make('p', { class: 'quiet' })),
  make('span', { class: 'figure' }),
  make('time', { class: 'quiet' }));

function update(row, alert) {
  const [state, words, value, since] = row.children;
  setAttribute(state, 'data-state', alert.state);
  setText(state, alert.state);
  setText(words.children[0], alert.title);
  const detail = alert.state === 'raised' ? alert.detail : null;
  setText(words.children[1], detail);
  show(words.children[1], Boolean(detail));
  const limit = `${alert.comparison === 'at_least' ? 'at least' : 'at most'} ${measure(alert.limit, alert.unit)}`;
  setText(value, alert.value === undefined ? limit : `${measure(alert.value, alert.unit)}, ${limit}`);
  time(since, alert.since);
}
