import type { Control } from './controls.ts';
import { element } from './element.ts';
import type { Setting } from './state.ts';

let made = 0;

/** An option with its default, its present value and how it is set. */
export interface OptionField {
  readonly option: string;
  readonly value: Setting;
  readonly control: Control;
}

/** A slider or a choice for each option; `onChange` hears of each change. */
export function optionFields(
  fields: readonly OptionField[],
  onChange: (option: string, value: Setting) => void,
): HTMLElement {
  return element(
    'div',
    { class: 'lab-options' },
    ...fields.map(({ option, value, control }) => {
      const id = `lab-option-${++made}`;
      const label = element('label', { for: id }, option);
      if (control.kind === 'choice') {
        const select = choiceOf(id, control.values.map(String), String(value), (picked) =>
          onChange(
            option,
            control.values.find((one) => String(one) === picked)!,
          ),
        );
        return element('div', { class: 'lab-option' }, label, select);
      }
      const shown = element('output', { for: id }, format(Number(value)));
      const { least, most, step } = control;
      const range = element('input', { id, type: 'range', min: least, max: most, step, value: Number(value) });
      range.addEventListener('input', () => {
        shown.textContent = format(range.valueAsNumber);
        onChange(option, range.valueAsNumber);
      });
      return element('div', { class: 'lab-option' }, label, range, shown);
    }),
  );
}

/** A list to choose from. */
export function choiceOf(
  id: string,
  values: readonly (string | { group: string; values: readonly string[] })[],
  value: string,
  onChange: (value: string) => void,
): HTMLSelectElement {
  const select = element('select', { id });
  const option = (one: string): HTMLOptionElement => element('option', { value: one }, one);
  for (const one of values) {
    select.append(
      typeof one === 'string' ? option(one) : element('optgroup', { label: one.group }, ...one.values.map(option)),
    );
  }
  select.value = value;
  select.addEventListener('change', () => onChange(select.value));
  return select;
}

const format = (value: number): string => String(Number(value.toPrecision(3)));
