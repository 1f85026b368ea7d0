// Fills the form with where to go afterwards, and says when a key was refused.

const query = new URLSearchParams(location.search);
document.getElementById('to').value = query.get('to') ?? '';
document.getElementById('refused').hidden = !query.has('refused');
