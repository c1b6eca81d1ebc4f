import { defineComponent, h, onBeforeUnmount, onMounted, ref, shallowRef, type DefineComponent } from 'vue';

type Mount = (element: HTMLElement, props: Readonly<Record<string, unknown>>) => (() => void) | Promise<() => void>;

/** Parts that run in the page, each in a folder and a chunk of its own. */
const pieces = import.meta.glob<Record<string, unknown>>('../../src/{loss-lab,playground,judge}/index.ts');

/**
 * A component that loads a part of the page once it comes into sight, mounts it, and disposes of it with the page. Whatever the author of the page
 * writes as attributes goes to the part.
 *
 * @param options.piece Folder of the part below `src`.
 * @param options.mount What its `index.ts` exports.
 */
export function livePiece({ piece, mount, label }: { piece: string; mount: string; label: string }): DefineComponent {
  return defineComponent({
    inheritAttrs: false,
    setup(_, { attrs }) {
      const place = ref<HTMLElement>();
      const problem = shallowRef('');
      const ready = shallowRef(false);
      let dispose: (() => void) | undefined;
      let gone = false;
      let seen: IntersectionObserver | undefined;

      const begin = async (element: HTMLElement): Promise<void> => {
        try {
          const load = pieces[`../../src/${piece}/index.ts`];
          if (!load) throw new Error(`src/${piece} is not built`);
          const start = (await load())[mount] as Mount;
          const end = await start(element, { ...attrs });
          ready.value = true;
          if (gone) end();
          else dispose = end;
        } catch (error) {
          problem.value = error instanceof Error ? error.message : String(error);
        }
      };

      onMounted(() => {
        const element = place.value!;
        seen = new IntersectionObserver(
          (entries) => {
            if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
            seen?.disconnect();
            void begin(element);
          },
          { rootMargin: '200px' },
        );
        seen.observe(element);
      });
      onBeforeUnmount(() => {
        gone = true;
        seen?.disconnect();
        dispose?.();
      });

      return () =>
        h('section', { class: ['live-piece', `live-piece-${piece}`], 'aria-label': label }, [
          h('div', { ref: place, class: 'live-piece-place vp-raw' }),
          problem.value
            ? h('p', { class: 'live-piece-note', role: 'alert' }, `${label} could not be started: ${problem.value}`)
            : ready.value
              ? null
              : h('p', { class: 'live-piece-note' }, [`${label} starts when scripts run and it comes into sight.`]),
        ]);
    },
  }) as DefineComponent;
}
