// Commands, events and queries: how many a second, and how long they take.

import { byId, make, setText, show } from './dom.js';
import { measure, plural, rate } from './format.js';

const share = value => value === undefined ? '–' : measure(value * 100, '%');
const took = value => value === undefined ? '–' : measure(value, 'ms');

const cards = [
  ['Commands', [
    ['Rate', figures => rate(figures.commands.per_second)],
    ['Refused', figures => share(figures.commands.rejected_share)],
    ['Median', figures => took(figures.commands.processing_time_ms.p50)],
    ['99 % within', figures => took(figures.commands.processing_time_ms.p99)],
  ]],
  ['Appends', [
    ['Rate', figures => rate(figures.appends.per_second)],
    ['Median', figures => took(figures.appends.time_ms.p50)],
    ['99 % within', figures => took(figures.appends.time_ms.p99)],
  ]],
  ['Queries', [
    ['Rate', figures => rate(figures.queries.per_second)],
    ['From caches', figures => share(figures.queries.cache_hit_rate)],
    ['Median', figures => took(figures.queries.response_time_ms.p50)],
    ['99 % within', figures => took(figures.queries.response_time_ms.p99)],
  ]],
];

const shown = [];

export function showFigures(figures) {
  const list = byId('load-cards');
  if (shown.length === 0) list.append(...cards.map(create));
  show(list, figures.instances > 0);
  setText(byId('load-note'), figures.instances > 0
    ? `the last ${figures.window_seconds} s of ${plural(figures.instances, 'instance')}`
    : 'No service reports its figures: services__operations__http__0 of a service says where Operations is.');
  for (const [element, of] of shown) setText(element, of(figures));
}

function create([title, facts]) {
  const id = `load-${title.toLowerCase()}`;
  return make('article', { class: 'card', 'aria-labelledby': id },
    make('h3', { id }, title),
    make('dl', { class: 'numbers' }, ...facts.map(([label, of]) => {
      const value = make('dd', {}, '–');
      shown.push([value, of]);
      return make('div', {}, make('dt', {}, label), value);
    })));
}
