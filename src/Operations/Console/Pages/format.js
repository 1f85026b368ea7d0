// Numbers and times as people read them.

const whole = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const count = number => whole.format(number);

export const rate = perSecond => perSecond === null || perSecond === undefined ? '–' : `${compact.format(perSecond)}/s`;

/** A value with its unit, with as many decimals as it deserves. */
export const measure = (value, unit) =>
  `${value.toLocaleString('en', { maximumSignificantDigits: value < 100 ? 2 : 4 })} ${unit}`;

export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/** Seconds as the two largest units: "1 h 5 min". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  const units = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];
  const parts = [];
  let rest = Math.round(seconds);
  for (const [name, size] of units) {
    const number = Math.floor(rest / size);
    if (number > 0 || (name === 's' && parts.length === 0)) parts.push(`${number} ${name}`);
    rest -= number * size;
  }
  return parts.slice(0, 2).join(' ');
}

export const percent = share => `${Math.floor(share * 1000) / 10} %`;

/** Local date and time; fills a <time>. */
export function time(element, iso) {
  if (element.dateTime === iso) return;
  element.dateTime = iso;
  element.textContent = clock.format(new Date(iso));
}
