import type { DefaultTheme } from 'vitepress';
import { decisions, packages, slugOf, titleOf } from './repository.ts';

type Item = DefaultTheme.SidebarItem;

const page = (text: string, link: string): Item => ({ text, link });
const guide = (text: string, name: string): Item => page(text, `/guides/${name}`);

/** What stands at the side of every page that is not of one unit. */
export const sidebar: Item[] = [
  {
    text: 'Begin',
    items: [
      page('Start here', '/start'),
      page('Playground', '/playground'),
      page('Loss lab', '/loss-lab'),
      page('Judge my loss', '/judge'),
    ],
  },
  {
    text: 'Train',
    items: [
      guide('Choosing a loss', 'choosing-a-loss'),
      guide('Miners and samplers', 'miners-and-samplers'),
      guide('Recipes of papers', 'recipes'),
      guide('Backends', 'backends'),
      guide('Collapse and NaN', 'collapse-and-nan'),
      guide('Reproducible runs', 'reproducible-runs'),
    ],
  },
  {
    text: 'Search and recognise',
    items: [
      guide('Index a pre-trained model', 'pre-trained-models'),
      guide('Retrieve, match or classify', 'retrieval-matching-classification'),
      guide('Calibration and “unknown”', 'calibration'),
      guide('New classes, no retraining', 'new-classes'),
      guide('Choosing and tuning the index', 'choosing-the-index'),
      guide('Evaluation', 'evaluation'),
    ],
  },
  {
    text: 'Keep and run',
    items: [
      guide('Saving and loading', 'saving-and-loading'),
      guide('Memory: who owns a tensor', 'memory'),
      guide('Off the main thread', 'off-the-main-thread'),
    ],
  },
  {
    text: 'Come from elsewhere',
    items: [
      guide('TensorFlow Similarity', 'coming-from-tensorflow-similarity'),
      guide('PyTorch Metric Learning', 'coming-from-pytorch-metric-learning'),
    ],
  },
  {
    text: 'Look up',
    items: [
      page('Units', '/units'),
      page('Error codes', '/errors'),
      guide('Words and options', 'glossary'),
      guide('Support and versions', 'support'),
      page('Packages', '/packages/'),
    ],
  },
  {
    text: 'How it works',
    items: [
      guide('The search engine', 'search-engine'),
      guide('Precisions of hnsw', 'precisions'),
      guide('File formats', 'formats'),
      guide('Design', 'design'),
      page('Decisions', '/decisions/'),
    ],
  },
  {
    text: 'Extend',
    items: [guide('Writing a plugin', 'writing-a-plugin'), page('Contributing', '/contributing')],
  },
];

export const decisionsSidebar: Item[] = [
  {
    text: 'Decisions',
    link: '/decisions/',
    items: decisions.map((name) => page(titleOf(`docs/decisions/${name}.md`), `/decisions/${name}`)),
  },
];

export const packagesSidebar: Item[] = [
  {
    text: 'Packages',
    link: '/packages/',
    items: packages.map((name) => page(titleOf(`packages/${name}/README.md`), `/packages/${slugOf(name)}`)),
  },
];
