/*
 * Makes the page livelier; without this script every form works as well.
 *
 * What a resident sends waits in `queue` until the server has taken it. Each has an id made
 * here, and the server gives the same id an effect only once, so sending again after a lost
 * connection is always safe. The queue is kept in sessionStorage and survives a reload;
 * photos are too large for that and wait in memory only: who leaves the page is told so
 * before, and after.
 */

const QUEUE = 'wijkbot.queue';
const PHOTOS = 'wijkbot.photos';
const RETRY_SECONDS = [1, 2, 4, 8, 15, 30];
const LONGEST_PHOTO_SIDE = 2000;

const chat = document.querySelector('.wb-chat');
const lines = chat.querySelector('[data-lines]');
const pending = chat.querySelector('[data-pending]');
const typing = chat.querySelector('[data-typing]');
const composer = document.querySelector('[data-composer]');
const field = composer.elements.text;
const status = composer.querySelector('[data-status]');
const problem = composer.querySelector('[data-problem]');
const title = document.title;

let last = Number(chat.dataset.last);
let queue = load();
let sending = false;
let wake = () => {};

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
const pause = (seconds) => new Promise((done) => { wake = done; setTimeout(done, seconds * 1000); });

// -- the queue ----------------------------------------------------------------------

function load() {
  try {
    return JSON.parse(sessionStorage.getItem(QUEUE)) ?? [];
  } catch {
    return [];
  }
}

function save() {
  try {
    sessionStorage.setItem(QUEUE, JSON.stringify(queue.filter((item) => !item.photo)));
    sessionStorage.setItem(PHOTOS, String(waitingPhotos()));
  } catch {
    // Storage is full or forbidden: the queue still lives in memory.
  }
}

const waitingPhotos = () => queue.filter((item) => item.photo).length;

/** Whether photos waited that this page can no longer send; asked once. */
function lostPhotos() {
  try {
    const lost = Number(sessionStorage.getItem(PHOTOS)) > 0;
    sessionStorage.removeItem(PHOTOS);
    return lost;
  } catch {
    return false;
  }
}

/** fields: what goes into the form; label: what is shown meanwhile; focus: go to the answer when it is there. */
function send(fields, label, { id = newId(), focus = false, photo } = {}) {
  queue.push({ id, fields, label, focus, photo });
  save();
  drawPending();
  pending.lastElementChild?.scrollIntoView({ block: 'end' });
  pump();
}

async function pump() {
  if (sending) return;
  sending = true;
  for (let failures = 0; queue.length;) {
    const outcome = await post(queue[0]);
    if (outcome === 'later') {
      tell(waitingPhotos() ? chat.dataset.sayOfflinePhoto : chat.dataset.sayOffline, { stay: true });
      await pause(RETRY_SECONDS[Math.min(failures++, RETRY_SECONDS.length - 1)]);
      continue;
    }
    if (failures) tell(chat.dataset.sayOnline);
    failures = 0;
    queue.shift();
    save();
    outcome();
    drawPending();
  }
  sending = false;
}

/** "later" when the server was not reached, else what to do now that it has answered. */
async function post(item, again = true) {
  const body = new FormData();
  body.set('token', composer.elements.token.value);
  body.set('id', item.id);
  body.set('after', last);
  for (const [name, value] of Object.entries(item.fields)) body.set(name, value);
  if (item.photo) body.set('photo', item.photo, item.photo.name);
  const showTyping = setTimeout(() => { typing.hidden = false; }, 300);
  try {
    const response = await fetch('/bericht', { method: 'POST', body, headers: { Accept: 'application/json' } });
    const answer = await response.json().catch(() => null);
    if (!answer) { // not from us but from something in between, such as a proxy
      const hopeless = response.status >= 400 && response.status < 500;
      return hopeless ? () => refused({ message: chat.dataset.sayFailed }, item) : 'later';
    }
    if (response.ok) return () => arrived(answer, item);
    if (response.status === 403 && again && answer.token) {
      useToken(answer.token);
      return await post(item, false);
    }
    return () => refused(answer, item);
  } catch {
    return 'later';
  } finally {
    clearTimeout(showTyping);
    typing.hidden = true;
  }
}

function arrived(answer, item) {
  complain('');
  const { shown } = show(answer);
  const own = shown.find((line) => line.classList.contains('wb-line--mine')) ?? shown[0];
  own?.scrollIntoView({ block: 'start' });
  if (item.focus) shown.find((line) => line.classList.contains('wb-line--bot'))?.focus({ preventScroll: true });
  listen();
}

/** Nothing was done with it: say so, and give back what was typed, under the same id. */
function refused(answer, item) {
  complain(answer.message);
  if (!item.fields.text) return;
  field.value = [item.fields.text, field.value].filter(Boolean).join('\n');
  composer.elements.id.value = item.id;
  grow();
  field.focus();
}

function useToken(token) {
  for (const input of document.querySelectorAll('input[name="token"]')) input.value = token;
}

function drawPending() {
  pending.replaceChildren(...queue.map(({ label }) => {
    const line = document.createElement('li');
    const bubble = document.createElement('div');
    const text = document.createElement('p');
    const underWay = document.createElement('p');
    line.className = 'wb-line wb-line--mine wb-line--pending';
    bubble.className = 'wb-bubble';
    underWay.className = 'wb-time';
    text.textContent = label;
    underWay.textContent = pending.getAttribute('aria-label');
    bubble.append(text);
    line.append(bubble, underWay);
    return line;
  }));
  pending.hidden = !queue.length;
}

// -- lines that come in -------------------------------------------------------------

/** Put the lines of an answer on the page. A line may be there already: two requests can bring the same one. */
function show({ html = '', last: newest = last, language = document.documentElement.lang, reset = false }) {
  if (reset || language !== document.documentElement.lang) {
    reload(); // what stands here was erased, perhaps in another tab, or the page changes language too
    return { shown: [], added: 0 };
  }
  const parsed = [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('[data-id]')];
  const fresh = parsed.filter((line) => !document.getElementById(line.id));
  if (fresh.some((line) => line.classList.contains('wb-line--mine'))) foldChoices();
  for (const line of fresh) lines.append(document.adoptNode(line));
  last = Math.max(last, newest);
  invite();
  return { shown: parsed.map((line) => document.getElementById(line.id)), added: fresh.length };
}

function reload() {
  history.scrollRestoration = 'manual';
  location.hash = 'nieuwste';
  location.reload();
}

function foldChoices() {
  for (const choices of lines.querySelectorAll('.wb-choices--current')) {
    choices.classList.remove('wb-choices--current');
    choices.open = false;
  }
}

/** Help the keyboard of a phone, and the browser's memory, with what the bot asks for. */
function invite() {
  const wants = lines.lastElementChild?.dataset.wants ?? '';
  field.inputMode = wants.includes('telephone') ? 'tel' : wants.includes('email') ? 'email' : 'text';
  field.autocomplete = wants.includes('telephone') ? 'tel' : wants.includes('email') ? 'email' : 'off';
}

let listening = false;

/** Ask for lines that come by themselves, as long as somebody looks at the page. */
async function listen() {
  if (listening || !last) return;
  listening = true;
  for (let failures = 0; !document.hidden;) {
    try {
      const response = await fetch(`/nieuws?na=${last}`, { headers: { Accept: 'application/json' } });
      if (!response.ok) throw new Error(String(response.status));
      failures = 0;
      if (response.status === 200) notice(await response.json());
    } catch {
      await new Promise((done) => setTimeout(done, 1000 * RETRY_SECONDS[Math.min(failures++ + 1, RETRY_SECONDS.length - 1)]));
    }
  }
  listening = false;
}

function notice(answer) {
  const nearEnd = innerHeight + scrollY > document.documentElement.scrollHeight - 200;
  const { shown, added } = show(answer);
  if (!added) return;
  if (nearEnd) shown.at(-1).scrollIntoView({ block: 'nearest' });
  else tell(chat.dataset.sayNew);
  if (!document.hasFocus()) document.title = `(${chat.dataset.sayNew}) ${title}`;
}

// -- what is told about the connection and about mistakes ----------------------------

function tell(words, { stay = false } = {}) {
  status.textContent = words;
  if (words && !stay) setTimeout(() => { if (status.textContent === words) status.textContent = ''; }, 5000);
}

function complain(words) {
  problem.textContent = words;
  problem.hidden = !words;
  field.toggleAttribute('aria-invalid', false);
  if (words) {
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', problem.id);
  } else {
    field.removeAttribute('aria-describedby');
  }
}

// -- what the resident does ---------------------------------------------------------

function grow() {
  if (CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight + 3}px`;
}

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) {
    field.focus();
    return;
  }
  const id = composer.elements.id.value;
  composer.elements.id.value = newId();
  field.value = '';
  grow();
  complain('');
  send({ text }, text, { id });
});

field.addEventListener('input', grow);
field.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (event.target === composer || button?.name !== 'data') return;
  event.preventDefault();
  send({ data: button.value }, button.textContent.trim(), { focus: true });
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (button?.dataset.do === 'photo') composer.elements.photo.click();
  if (button?.dataset.do === 'location') shareLocation();
});

function shareLocation() {
  const unknown = () => { complain(chat.dataset.sayPlace); field.focus(); };
  if (!navigator.geolocation) {
    unknown();
    return;
  }
  complain('');
  tell(chat.dataset.sayPlaceSought, { stay: true });
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      tell('');
      send({ place: `${coords.latitude},${coords.longitude}` }, chat.dataset.sayPlaceSent, { focus: true });
    },
    () => { tell(''); unknown(); },
    { timeout: 15_000, maximumAge: 60_000 },
  );
}

composer.elements.photo.addEventListener('change', async ({ target }) => {
  const files = [...target.files];
  target.value = '';
  for (const file of files) send({}, chat.dataset.sayPhoto, { photo: await smaller(file) });
});

/** A large photo made smaller before it goes over a phone's connection; anything odd goes as it is. */
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = LONGEST_PHOTO_SIDE / Math.max(picture.width, picture.height);
    if (scale >= 1 && file.size < 2_000_000) return file;
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * Math.min(scale, 1));
    canvas.height = Math.round(picture.height * Math.min(scale, 1));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, 'image/jpeg', 0.85); });
    return blob ? new File([blob], 'foto.jpg', { type: 'image/jpeg' }) : file;
  } catch {
    return file;
  }
}

addEventListener('beforeunload', (event) => { if (waitingPhotos()) event.preventDefault(); });
addEventListener('online', () => wake());
addEventListener('focus', () => { document.title = title; });
document.addEventListener('visibilitychange', listen);

grow();
invite();
drawPending();
if (!location.hash && !scrollY) document.getElementById('nieuwste')?.scrollIntoView();
if (lostPhotos()) complain(chat.dataset.sayPhotoLost);
if (problem.textContent) field.focus();
pump();
listen();
