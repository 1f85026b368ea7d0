// The event log, newest first: by stream, type, tenant, tag and time, and one event with its data and trace.

import { byId, keyed, make, setText, show, showProblem } from './dom.js';
import { count, plural, time } from './format.js';
import { ask } from './http.js';

let shown = [];
let next = null;
let asked = 0;
let dashboard = null;

export function startEvents(dashboardUrl) {
  dashboard = dashboardUrl;
  const form = byId('event-filter');
  form.addEventListener('submit', event => {
    event.preventDefault();
    look();
  });
  form.addEventListener('reset', () => setTimeout(look));
  byId('more-events').addEventListener('click', lookFurther);
  look();
}

function filters() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(byId('event-filter'))) {
    if (value.trim()) query.set(name, name === 'since' || name === 'until' ? new Date(value).toISOString() : value.trim());
  }
  return query;
}

async function look() {
  shown = [];
  next = null;
  await read(filters());
}

async function lookFurther() {
  const query = filters();
  query.set('before', next);
  const first = shown.length;
  await read(query);
  // The button may be gone: go on with the first that is new.
  byId('event-list').children[first]?.querySelector('button').focus();
}

async function read(query) {
  const mine = ++asked;
  try {
    const page = await ask(`events?${query}`);
    if (mine !== asked) return; // Overtaken by another filter.
    shown = [...shown, ...page.events];
    next = page.next ?? null;
    showProblem(byId('events-problem'), null);
    setText(byId('events-note'), shown.length || next === null
      ? plural(shown.length, 'event')
      : `None down to position ${count(page.searched_to)}`);
  } catch (error) {
    if (mine !== asked) return;
    showProblem(byId('events-problem'), error.message);
    setText(byId('events-note'), '');
  }
  show(byId('more-events'), next !== null);
  keyed(byId('event-list'), shown, event => event.position, create, update);
}

function create(event) {
  const button = make('button', { type: 'button', class: 'link' });
  button.addEventListener('click', () => open(event.position));
  return make('li', {},
    make('span', { class: 'figure' }), button, make('span', { class: 'name' }), make('time', { class: 'quiet' }));
}

function update(row, event) {
  const [position, type, stream, at] = row.children;
  setText(position, count(event.position));
  setText(type, event.type);
  setText(stream, `${event.stream} · ${count(event.version)}`);
  time(at, event.decided_at);
}

async function open(position) {
  let found;
  try {
    found = await ask(`events/${position}`);
  } catch (error) {
    showProblem(byId('events-problem'), error.message);
    return;
  }
  const { event, data } = found;
  setText(byId('event-title'), `${event.type} at ${count(event.position)}`);
  byId('event-facts').replaceChildren(...facts(event).flatMap(([label, value]) =>
    value === undefined || value === null ? [] : [make('div', {}, make('dt', {}, label), make('dd', {}, value))]));
  setText(byId('event-data'), data);
  const trace = byId('event-trace');
  show(trace, Boolean(dashboard && event.trace_id));
  if (dashboard && event.trace_id) trace.href = `${dashboard.replace(/\/$/, '')}/traces/detail/${event.trace_id}`;
  byId('event').showModal();
}

function facts(event) {
  const at = make('time');
  time(at, event.decided_at);
  const stream = make('button', { type: 'button', class: 'link' }, event.stream);
  stream.addEventListener('click', () => {
    byId('event').close();
    byId('event-filter').reset();
    byId('event-filter').elements.stream.value = event.stream;
    byId('event-filter').elements.stream.focus();
  });
  return [
    ['Stream', stream],
    ['Version in stream', count(event.version)],
    ['Decided', at],
    ['Tenant', event.tenant],
    ['Tags', event.tags.length ? event.tags.join(', ') : null],
    ['User', event.user],
    ['Schema version', String(event.schema_version)],
    ['Event', event.event_id],
    ['Command', event.command_id],
    ['Correlation', event.correlation_id],
    ['Causation', event.causation_id],
    ['Trace', event.trace_id],
  ];
}
