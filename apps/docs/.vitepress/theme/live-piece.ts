import { defineComponent, h, onBeforeUnmount, onMounted, ref, shallowRef, type DefineComponent } from 'vue';

type Mount = (element: HTMLElement, props: Readonly<Record<string, unknown>>) => (() => void) | Promise<() => void>;

/** Parts that run in the page, each in a folder and a chunk of its own. */
const pieces = import.meta.glob<Record<string, unknown>>('../../src/{loss-lab,playground,judge}/index.ts');

/** What a live piece is. */
export interface LivePiece {
  /** Folder of the part below `src`. */
  readonly piece: string;
  /** What its `index.ts` exports. */
  readonly mount: string;
  /** Name of the part, for readers of screens and for messages. */
  readonly label: string;
  /** Text of a button without which nothing is loaded. Default none: it begins when it comes into sight. */
  readonly onDemand?: string;
}

/**
 * A component that loads a part of the page once it comes into sight, mounts it, and disposes of it with the page. Whatever the author of the page
 * writes as attributes goes to the part.
 */
export function livePiece({ piece, mount, label, onDemand }: LivePiece): DefineComponent {
  return defineComponent({
    inheritAttrs: false,
    setup(_, { attrs }) {
      const place = ref<HTMLElement>();
      const problem = shallowRef('');
      const state = shallowRef<'waits' | 'starts' | 'runs'>('waits');
      let dispose: (() => void) | undefined;
      let gone = false;
      let seen: IntersectionObserver | undefined;

      const begin = async (element: HTMLElement): Promise<void> => {
        state.value = 'starts';
        try {
          const load = pieces[`../../src/${piece}/index.ts`];
          if (!load) throw new Error(`src/${piece} is not built`);
          const start = (await load())[mount] as Mount;
          const end = await start(element, { ...attrs });
          state.value = 'runs';
          if (gone) end();
          else dispose = end;
        } catch (error) {
          problem.value = error instanceof Error ? error.message : String(error);
        }
      };

      onMounted(() => {
        if (onDemand) return;
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
            : state.value === 'runs'
              ? null
              : onDemand && state.value === 'waits'
                ? h(
                    'button',
                    { type: 'button', class: 'live-piece-begin', onClick: () => begin(place.value!) },
                    onDemand,
                  )
                : h('p', { class: 'live-piece-note' }, `${label} is loading. It needs scripts.`),
        ]);
    },
  }) as DefineComponent;
}
