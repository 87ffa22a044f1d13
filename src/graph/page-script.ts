/**
 * The script of the page: it moves and zooms the picture by its view box, searches, and shows the details of a node. Strings from manifests
 * only become text nodes.
 */
export const PAGE_SCRIPT = String.raw`
'use strict';
(() => {
  const nodes = new Map(JSON.parse(document.getElementById('data').textContent).map(node => [node.id, node]));
  const picture = document.getElementById('picture');
  const svg = picture.querySelector('svg');
  const details = document.getElementById('details');
  const search = document.getElementById('search');
  const count = document.getElementById('count');
  svg.querySelectorAll('style').forEach(style => style.remove());
  svg.querySelectorAll('title').forEach(title => title.remove());

  // --- light and dark
  const dark = matchMedia('(prefers-color-scheme: dark)');
  document.documentElement.classList.toggle('dark', dark.matches);
  const turn = () => document.documentElement.classList.toggle('dark');
  document.getElementById('theme').addEventListener('click', turn);

  // --- view
  const whole = svg.viewBox.baseVal;
  const all = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  svg.removeAttribute('width');
  svg.removeAttribute('height');
  let view = { ...all };
  const show = () => svg.setAttribute('viewBox', [view.x, view.y, view.width, view.height].join(' '));
  const fit = () => { view = { ...all }; show(); };
  const zoom = (factor, cx = view.x + view.width / 2, cy = view.y + view.height / 2) => {
    const width = Math.min(Math.max(view.width * factor, 50), Math.max(all.width, 400) * 4);
    const scale = width / view.width;
    view = { x: cx - (cx - view.x) * scale, y: cy - (cy - view.y) * scale, width, height: view.height * scale };
    show();
  };
  const pan = (dx, dy) => { view = { ...view, x: view.x + dx, y: view.y + dy }; show(); };
  const pointOf = event => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  picture.addEventListener('wheel', event => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, ...pointOf(event));
  }, { passive: false });
  let drag;
  picture.addEventListener('pointerdown', event => { drag = { x: event.clientX, y: event.clientY, moved: false }; });
  addEventListener('pointermove', event => {
    if (!drag) return;
    const scale = 1 / svg.getScreenCTM().a;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(dx, dy) < 4) return;
    pan(-dx * scale, -dy * scale);
    drag = { x: event.clientX, y: event.clientY, moved: true };
    picture.classList.add('dragging');
  });
  let justDragged = false;
  addEventListener('pointerup', () => {
    justDragged = drag !== undefined && drag.moved;
    drag = undefined;
    picture.classList.remove('dragging');
  });
  document.getElementById('in').addEventListener('click', () => zoom(1 / 1.3));
  document.getElementById('out').addEventListener('click', () => zoom(1.3));
  document.getElementById('fit').addEventListener('click', fit);

  // --- nodes
  const shapeOf = id => {
    const node = document.getElementById(id);
    return node && node.classList.contains('node') ? node : document.getElementById('a_' + id) || node;
  };
  const idOf = link => (link.getAttribute('xlink:href') || link.getAttribute('href') || '').slice(1);
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const section = (title, items) => {
    if (items.length === 0) return;
    const list = element('ul');
    for (const item of items) list.append(item);
    details.append(element('h3', title), list);
  };
  const linkTo = id => {
    const button = element('button', nodes.get(id).title);
    button.addEventListener('click', () => { open(id); center(id); });
    return button;
  };
  const center = id => {
    const box = shapeOf(id).getBBox();
    const corner = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(svg.getScreenCTM().inverse().multiply(shapeOf(id).getScreenCTM()));
    view = { ...view, x: corner.x - view.width / 2, y: corner.y - view.height / 2 };
    show();
  };
  const close = () => {
    details.hidden = true;
    svg.querySelectorAll('.chosen').forEach(shape => shape.classList.remove('chosen'));
  };
  const open = id => {
    const node = nodes.get(id);
    if (!node) return;
    close();
    shapeOf(id).classList.add('chosen');
    details.hidden = false;
    details.replaceChildren();
    const closing = element('button', 'Close', 'close');
    closing.addEventListener('click', close);
    details.append(closing, element('h2', node.title), element('div', node.kind + (node.group ? ' in ' + node.group : ''), 'soft'));
    section('Findings', node.findings.map(finding => {
      const item = element('li', finding.severity + ' ' + finding.rule + ': ' + finding.message, finding.severity);
      item.append(element('div', finding.repair, 'soft'));
      return item;
    }));
    section('Routes', node.routes.map(route => element('li', route)));
    section('Policies', node.badges.map(badge => element('li', badge.text + ': ' + badge.details)));
    const side = (title, outwards) => section(title, node.neighbors.filter(n => n.outwards === outwards).map(n => {
      const item = element('li');
      item.append(linkTo(n.id), ' ' + [n.kind === 'route' ? '' : n.kind, n.labels.join(', ')].filter(part => part).join(' '));
      return item;
    }));
    side('Goes to', true);
    side('Comes from', false);
  };
  svg.addEventListener('click', event => {
    const link = event.target.closest('a');
    if (!link) return;
    event.preventDefault();
    if (!justDragged) open(idOf(link));
  });

  // --- search
  let found = [];
  let place = 0;
  const find = () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(word => word);
    svg.querySelectorAll('.found').forEach(shape => shape.classList.remove('found'));
    found = words.length === 0 ? [] : [...nodes.values()].filter(node => {
      const text = [node.title, node.group, node.kind, ...node.badges.map(b => b.text), ...node.findings.map(f => f.rule)].join(' ').toLowerCase();
      return words.every(word => text.includes(word));
    });
    picture.classList.toggle('searching', words.length > 0);
    for (const node of found) shapeOf(node.id).classList.add('found');
    count.textContent = words.length === 0 ? '' : found.length + ' found';
    place = 0;
  };
  search.addEventListener('input', find);
  search.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || found.length === 0) return;
    const { id } = found[place++ % found.length];
    open(id);
    center(id);
  });

  // --- keyboard
  addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      search.value = '';
      find();
      close();
      picture.focus();
      return;
    }
    if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = view.width / 12;
    const keys = {
      'ArrowLeft': () => pan(-step, 0), 'ArrowRight': () => pan(step, 0), 'ArrowUp': () => pan(0, -step), 'ArrowDown': () => pan(0, step),
      '+': () => zoom(1 / 1.3), '=': () => zoom(1 / 1.3), '-': () => zoom(1.3), '0': fit, 't': turn, '/': () => search.focus(),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  fit();
})();
`;
