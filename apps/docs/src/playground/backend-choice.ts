import { element } from '../loss-lab/element.ts';
import type { Program } from '../sandbox/index.ts';

type Backend = Program['backend'];

const BACKENDS: Readonly<Record<Backend, string>> = {
  auto: 'The fastest of those that work here: tries all, which takes some seconds',
  wasm: 'On the processor, by WebAssembly',
  webgl: 'On the GPU, by WebGL',
  webgpu: 'On the GPU, by WebGPU',
  cpu: 'On the processor, by JavaScript: works everywhere, slow',
};

/** Radio buttons of the backends. */
export interface BackendChoice {
  readonly view: HTMLElement;
  value: Backend;
}

/** What `selectBackend()` takes in a program that does not say; at first `wasm`, which gives the same numbers everywhere. */
export function backendChoice(): BackendChoice {
  let value: Backend = 'wasm';
  const radios = (Object.keys(BACKENDS) as Backend[]).map((name) => {
    const radio = element('input', { type: 'radio', name: 'play-backend', value: name, checked: name === value });
    radio.addEventListener('change', () => (value = name));
    return { name, radio, label: element('label', { title: BACKENDS[name] }, radio, name) };
  });
  const labels = radios.map(({ label }) => label);
  return {
    view: element('fieldset', { class: 'play-backends' }, element('legend', {}, 'Backend'), ...labels),
    get value() {
      return value;
    },
    set value(chosen) {
      const found = radios.find(({ name }) => name === chosen);
      if (!found) return;
      value = chosen;
      found.radio.checked = true;
    },
  };
}
