import { withBase } from 'vitepress';
import { defineComponent, h, ref, type DefineComponent } from 'vue';
import { SpherePicture } from './sphere-picture.ts';

const command = 'npm i simile';

/** The head of the home page: what it is, how to get it, and the sphere. */
export const HomeHero: DefineComponent = defineComponent({
  setup() {
    const copied = ref(false);
    const copy = async (): Promise<void> => {
      await navigator.clipboard.writeText(command);
      copied.value = true;
      setTimeout(() => (copied.value = false), 2000);
    };
    return () =>
      h('div', { class: 'hero' }, [
        h('div', { class: 'hero-words' }, [
          h('p', { class: 'hero-name' }, 'Simile'),
          h('h1', { id: 'simile' }, 'Teach a network what is alike'),
          h('p', { class: 'hero-lead' }, [
            'Similarity learning for TypeScript on TensorFlow.js. Train an embedding, index it, search it, know when an answer is good enough or ',
            'unknown, add new classes without retraining, and look at it all. In Node and in the page, from plain npm packages.',
          ]),
          h('p', { class: 'hero-install' }, [
            h('code', command),
            h('button', { type: 'button', onClick: copy }, copied.value ? 'Copied' : 'Copy'),
            h('span', { class: 'visually-hidden', role: 'status' }, copied.value ? 'Copied' : ''),
          ]),
          h('p', { class: 'hero-ways' }, [
            h('a', { class: 'way first', href: withBase('/start.html') }, 'Start here'),
            h('a', { class: 'way', href: withBase('/playground.html') }, 'Playground'),
            h('a', { class: 'way', href: withBase('/loss-lab.html') }, 'Loss lab'),
          ]),
        ]),
        h(SpherePicture),
      ]);
  },
}) as DefineComponent;
