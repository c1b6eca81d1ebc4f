import { element, set } from '../loss-lab/element.ts';
import { exampleGroups, examples, type Example } from './examples.ts';

/** The tree of the examples. */
export interface ExampleList {
  readonly view: HTMLElement;
  /** Marks the one that is open; none for a program of another origin. */
  mark(name: string | undefined): void;
}

/** All examples by name; `open` is told which one the reader wants. On narrow screens the list is folded. */
export function exampleList(open: (example: Example) => void): ExampleList {
  const buttons = new Map<string, HTMLButtonElement>();
  const itemOf = (example: Example): HTMLLIElement => {
    const [number = ''] = example.name.split('-');
    const button = element(
      'button',
      { type: 'button', title: example.about },
      element('span', { 'aria-hidden': 'true', class: 'play-number' }, number),
      element('span', {}, example.title),
    );
    button.addEventListener('click', () => {
      open(example);
      if (matchMedia('(max-width: 1099px)').matches) folder.open = false;
    });
    buttons.set(example.name, button);
    return element('li', {}, button);
  };
  const parts = exampleGroups.map((group) =>
    element('li', {}, element('p', {}, group.title), element('ul', {}, ...group.examples.map(itemOf))),
  );
  const current = element('span', { class: 'play-current' });
  const folder = element('details', {}, element('summary', {}, 'Examples', current), element('ul', {}, ...parts));
  folder.open = !matchMedia('(max-width: 1099px)').matches;
  return {
    view: element('nav', { class: 'play-examples', 'aria-label': 'Examples' }, folder),
    mark(name) {
      for (const [own, button] of buttons) set(button, { 'aria-current': own === name && 'true' });
      current.textContent = examples.find((example) => example.name === name)?.title ?? '';
    },
  };
}
