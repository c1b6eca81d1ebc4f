import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { livePiece } from './live-piece.ts';
import './style.css';
import './units.css';

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('LossLab', livePiece({ piece: 'loss-lab', mount: 'mountLossLab', label: 'Loss lab' }));
    app.component('Playground', livePiece({ piece: 'playground', mount: 'mountPlayground', label: 'Playground' }));
    app.component(
      'RunExample',
      livePiece({
        piece: 'playground',
        mount: 'mountPlayground',
        label: 'Playground',
        onDemand: 'Run an example of this here',
      }),
    );
    app.component('Judge', livePiece({ piece: 'judge', mount: 'mountJudge', label: 'Judge my loss' }));
  },
};
export default theme;
