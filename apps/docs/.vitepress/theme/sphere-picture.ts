import { defineComponent, h, onBeforeUnmount, onMounted, ref, type DefineComponent, type VNode } from 'vue';
import { projectSphere, TILT } from './project-sphere.ts';
import { data } from './sphere.data.ts';

const FRAMES_A_SECOND = 3;
const TURN_A_FRAME = 0.07;

/** Embeddings on the sphere as a loss moves them: begins by itself once, can be stopped and moved by hand, and stands still where motion is not wanted. */
export const SpherePicture: DefineComponent = defineComponent({
  setup() {
    const last = data.frames.length - 1;
    const time = ref(last);
    const runs = ref(false);
    let request = 0;
    let then = 0;

    const step = (now: number): void => {
      const passed = Math.min(now - then, 100) / 1000;
      then = now;
      time.value = Math.min(time.value + passed * FRAMES_A_SECOND, last);
      if (time.value >= last) runs.value = false;
      if (runs.value) request = requestAnimationFrame(step);
    };
    const play = (): void => {
      if (time.value >= last) time.value = 0;
      runs.value = true;
      then = performance.now();
      request = requestAnimationFrame(step);
    };
    const stop = (): void => {
      runs.value = false;
      cancelAnimationFrame(request);
    };

    onMounted(() => {
      if (!matchMedia('(prefers-reduced-motion: reduce)').matches) play();
    });
    onBeforeUnmount(stop);

    return () => {
      const frame = Math.round(time.value);
      return h('figure', { class: 'sphere' }, [
        drawing(time.value),
        h('div', { class: 'sphere-controls' }, [
          h(
            'button',
            { type: 'button', class: 'sphere-play', onClick: () => (runs.value ? stop() : play()) },
            runs.value ? 'Pause' : 'Play',
          ),
          h('input', {
            type: 'range',
            min: 0,
            max: last,
            step: 1,
            value: frame,
            'aria-label': 'Step of the training',
            onInput: (event: Event) => {
              stop();
              time.value = Number((event.target as HTMLInputElement).value);
            },
          }),
          h('span', { class: 'sphere-loss' }, `step ${frame * data.every}, loss ${data.losses[frame]!.toFixed(2)}`),
        ]),
        h('figcaption', [
          `${data.labels.length} embeddings of ${data.classes} classes on the sphere, moved by `,
          h('code', 'multiSimilarity()'),
          ` and Adam while this page was built.`,
        ]),
      ]);
    };
  },
}) as DefineComponent;

function drawing(time: number): VNode {
  const dots = projectSphere(data.frames, time, time * TURN_A_FRAME);
  const circles = dots.map(({ at, x, y, depth }) =>
    h('circle', {
      key: at,
      cx: (x * 100).toFixed(1),
      cy: (y * 100).toFixed(1),
      r: (3.1 + 1.7 * depth).toFixed(2),
      class: `class-${data.labels[at]}`,
      'fill-opacity': (0.62 + 0.38 * depth).toFixed(2),
    }),
  );
  const label = `Points on a sphere, coloured by class. At first classes are mixed, at the end each has gathered in a place of its own.`;
  return h('svg', { viewBox: '-112 -112 224 224', role: 'img', 'aria-label': label }, [
    h('circle', { r: 106, class: 'sphere-body' }),
    ...[-0.6, 0, 0.6].map((height) => h('path', { d: parallel(height), class: 'sphere-line' })),
    h('g', circles),
  ]);
}

/** The nearer half of a circle of latitude, by its height above the equator. */
function parallel(height: number): string {
  const radius = 106 * Math.sqrt(1 - height ** 2);
  const y = (-106 * height * Math.cos(TILT)).toFixed(1);
  return `M${-radius} ${y}A${radius} ${(radius * Math.sin(TILT)).toFixed(1)} 0 0 0 ${radius} ${y}`;
}
